import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/value.ts';
import { system } from '../../src/host/ask.ts';
import { factOf } from '../../src/host/facts.ts';
import { runCommand } from '../rig/ansible.ts';
import { observe } from '../rig/apply.ts';
import type { Shell } from '../rig/shells.ts';
import { shellRig } from '../rig/shells.ts';

const rig = shellRig();
const home = mkdtempSync(join(tmpdir(), 'hlb-facts-'));
afterAll(() => {
  rig.dispose();
  rmSync(home, { recursive: true, force: true });
});

/** Facts that are the same in two looks a moment apart, on any host. */
const steady = [
  'all_ipv4_addresses',
  'all_ipv6_addresses',
  'apparmor',
  'architecture',
  'bios_vendor',
  'board_name',
  'cmdline',
  'default_ipv4',
  'default_ipv6',
  'distribution',
  'distribution_major_version',
  'distribution_release',
  'distribution_version',
  'dns',
  'fips',
  'hostname',
  'interfaces',
  'is_chroot',
  'kernel',
  'kernel_version',
  'local',
  'lsb',
  'machine',
  'machine_id',
  'memtotal_mb',
  'nodename',
  'os_family',
  'pkg_mgr',
  'processor',
  'processor_cores',
  'processor_count',
  'processor_nproc',
  'processor_threads_per_core',
  'processor_vcpus',
  'product_name',
  'product_uuid',
  'selinux',
  'service_mgr',
  'swaptotal_mb',
  'system',
  'system_vendor',
  'user_dir',
  'user_gecos',
  'user_gid',
  'user_id',
  'user_shell',
  'user_uid',
  'virtualization_role',
  'virtualization_type',
  'ssh_host_key_ed25519_public',
  'lo',
] as const;

/** Lists whose order means nothing. */
const unordered: ReadonlySet<string> = new Set(['all_ipv4_addresses', 'all_ipv6_addresses', 'interfaces']);

let theirs: JsonObject = {};

beforeAll(async () => {
  await runCommand('ansible', ['localhost', '-c', 'local', '-m', 'setup', '-t', home], home);
  const written: unknown = JSON.parse(readFileSync(join(home, 'localhost'), 'utf8'));
  if (isObject(written) && isObject(written['ansible_facts'])) theirs = written['ansible_facts'];
}, 120_000);

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function comparable(name: string, value: Json | undefined): Json | undefined {
  if (!unordered.has(name) || !Array.isArray(value)) return value;
  return value.map(String).sort();
}

async function ours(shell: Shell): Promise<JsonObject> {
  const fact = factOf((await observe(shell, [system()])).facts, system());
  if (fact === undefined) throw new Error('No facts');
  return fact;
}

describe('facts beside those of ansible setup', () => {
  it.each(rig.shells)('are the same through $name', async (shell) => {
    const [one, other] = [await ours(shell), await ours(shell)];
    // Interfaces may come and go on a busy machine: what is not steady now is not compared.
    const names = steady.filter((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]));
    expect(names.length).toBeGreaterThan(40);
    const pick = (facts: JsonObject, prefix: string): object =>
      Object.fromEntries(names.map((name) => [name, comparable(name, facts[`${prefix}${name}`])]));
    expect(pick(one, '')).toEqual(pick(theirs, 'ansible_'));
  });

  it('have the shape of those that change', async () => {
    const [shell] = rig.shells;
    if (shell === undefined) throw new Error('No shell');
    const facts = await ours(shell);
    for (const name of ['date_time', 'memory_mb', 'loadavg'] as const) {
      const known = theirs[`ansible_${name}`];
      const keys = Object.keys(isObject(known) ? known : {}).filter((key) => key !== 'tz_dst');
      expect([name, Object.keys(facts[name] ?? {}).sort()]).toEqual([name, keys.sort()]);
    }
    const mounts = theirs['ansible_mounts'];
    const [first] = Array.isArray(mounts) ? mounts : [];
    const own = facts['mounts'];
    if (!isObject(first)) throw new Error('Ansible told no mounts');
    const { device, mount, size_total, inode_total } = first;
    expect(Array.isArray(own) && own[0]).toMatchObject({ device, mount, size_total, inode_total });
  });
});
