import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { bridgeExists } from '../../src/lab/bridge.ts';
import { labProcesses, machineCgroups } from '../../src/lab/cgroups.ts';
import { mountsBelow } from '../../src/lab/mounts.ts';
import { labFiles, labPlaces } from '../../src/lab/places.ts';
import { readState } from '../../src/lab/state.ts';
import { until } from '../rig/cluster.ts';
import { labFor, labGone, labSystem, noLabReason } from '../rig/lab.ts';

const reason = noLabReason();
if (reason !== undefined) process.stderr.write(`skipped: labs, because ${reason}\n`);

const places = labPlaces(process.env);
const names = ['self-a', 'self-b'];

/** What is left of a lab on this machine: nothing, one hopes. */
function remains(name: string, index: number): readonly string[] {
  const files = labFiles(places, name);
  return [
    ...labProcesses(machineCgroups(), name).map((pid) => `process ${pid}`),
    ...mountsBelow(files.home).map((mount) => `mount ${mount}`),
    ...(existsSync(files.home) ? [files.home] : []),
    ...(bridgeExists(index) ? [`bridge ${index}`] : []),
    ...machineCgroups()
      .mounts.map((mount) => join(mount, 'hlb-lab', name))
      .filter((dir) => existsSync(dir)),
  ];
}

/** As a crash would: some of a host's processes end by themselves once its first ones are gone. */
function killAll(name: string, host: string): void {
  for (const pid of labProcesses(machineCgroups(), name, host)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

describe.skipIf(reason !== undefined)('a lab', () => {
  afterAll(async () => {
    for (const name of names) await labGone(name);
  });

  it('boots five hosts in under 20 seconds once its images are there', async () => {
    await labFor('self-a', { shape: { controlPlanes: 1, workers: 0 }, fresh: true });
    await labGone('self-a');
    const begun = Date.now();
    const lab = await labFor('self-a');
    expect(Date.now() - begun).toBeLessThan(20_000);
    expect([...(await labSystem('self-a')).entries()]).toEqual(
      ['cp1', 'cp2', 'cp3', 'w1', 'w2'].map((host) => [host, 'running']),
    );
    expect((await lab.sh('cp1', 'systemctl is-active containerd ssh && getent hosts w2 && ping -c1 -W2 w2')).code).toBe(
      0,
    );
    expect((await lab.sh('w2', 'command -v python3 node; true')).stdout).toBe('');
  });

  it('lets ssh in with its key and its known hosts alone', async () => {
    const text = readFileSync((await labFor('self-a')).inventory, 'utf8');
    expect(text).toContain('control_plane:');
    const { key, knownHosts } = labFiles(places, 'self-a');
    expect((statSync(key).mode & 0o777).toString(8)).toBe('600');
    expect(text).toContain(`ansible_ssh_private_key_file: "${key}"`);
    expect(text).toContain(`UserKnownHostsFile=${knownHosts}`);
    expect(readFileSync(knownHosts, 'utf8').trim().split('\n')).toHaveLength(5);
  });

  it('changes nothing when it is up already', async () => {
    const state = (): string => readFileSync(labFiles(places, 'self-a').state, 'utf8');
    const [before, begun] = [state(), Date.now()];
    await labFor('self-a');
    expect(Date.now() - begun).toBeLessThan(5000);
    expect(state()).toBe(before);
  });

  it('adds the hosts that are missing, which the others then know by name', async () => {
    const lab = await labFor('self-a', { shape: { balancers: 1 } });
    expect(lab.hosts.map((host) => host.name)).toContain('lb1');
    expect((await lab.sh('cp1', 'getent hosts lb1')).stdout).toContain('198.18.');
    expect((await lab.sh('lb1', 'systemctl is-enabled haproxy')).stdout.trim()).toBe('disabled');
  });

  it('has its hosts back after a reboot, with their address and their files', async () => {
    const lab = await labFor('self-a');
    const boot = async (): Promise<string> =>
      (await lab.sh('w1', 'cat /proc/sys/kernel/random/boot_id').catch(() => ({ stdout: '' }))).stdout;
    const before = await boot();
    // A command that is stopped while its host shuts down, as all are for a moment.
    const stopped = lab.sh('w1', 'touch /root/stopping; kill -STOP $$');
    await until('a stopped command', 5000, async () => (await lab.sh('w1', 'test -e /root/stopping')).code === 0);
    await lab.sh('w1', 'touch /root/kept; systemctl reboot');
    await until('another boot', 30_000, async () => {
      const now = await boot();
      return now !== '' && now !== before;
    });
    await until('the network', 20_000, async () => (await lab.sh('cp1', 'ping -c1 -W1 w1')).code === 0);
    expect((await stopped).code).not.toBe(0);
    expect((await lab.sh('w1', 'ls /root/kept')).code).toBe(0);
    await until('the boot to end', 20_000, async () => (await labSystem('self-a')).get('w1') === 'running');
  });

  it('starts what has died, and knows a supervisor from another process with its number', async () => {
    const supervisor = readState(places, 'self-a')?.supervisors['w2'];
    killAll('self-a', 'w2');
    await sleep(300);
    expect((await labSystem('self-a')).get('w2')).toBe('stopped');
    await labFor('self-a');
    expect((await labSystem('self-a')).get('w2')).toBe('running');
    expect(readState(places, 'self-a')?.supervisors['w2']).not.toEqual(supervisor);
  });

  it('runs beside another one, whose hosts have the same names and other addresses', async () => {
    const other = await labFor('self-b', { shape: { controlPlanes: 1, workers: 0 } });
    const first = await labFor('self-a');
    expect(other.hosts.map((host) => host.name)).toEqual(['cp1']);
    expect(first.hosts.map((host) => host.address)).not.toContain(other.hosts[0]?.address);
    await other.sh('cp1', 'touch /root/only-here');
    expect((await first.sh('cp1', 'ls /root/only-here')).code).not.toBe(0);
    await labGone('self-b');
    expect((await first.sh('cp1', 'true')).code).toBe(0);
  });

  it('leaves nothing when it goes down', async () => {
    const lab = await labFor('self-a');
    const index = readState(places, 'self-a')?.index ?? -1;
    expect(remains('self-a', index)).not.toEqual([]);
    await lab.down();
    expect(remains('self-a', index)).toEqual([]);
    expect(existsSync(lab.inventory)).toBe(false);
  });

  it('is removed and made anew after a crash in the middle', async () => {
    await labFor('self-a', { shape: { controlPlanes: 1, workers: 1 } });
    const { state, host } = labFiles(places, 'self-a');
    const index = readState(places, 'self-a')?.index ?? -1;
    // A half-made host, and a state that another version wrote.
    killAll('self-a', 'w1');
    expect(existsSync(host('w1').home)).toBe(true);
    writeFileSync(state, '{"name":"self-a"}');
    await expect(labFor('self-a')).rejects.toThrow('Run "hlb lab down --name self-a" to remove the lab');
    await labGone('self-a');
    expect(remains('self-a', index)).toEqual([]);
    await labFor('self-a', { shape: { controlPlanes: 1, workers: 0 } });
    expect((await labSystem('self-a')).get('cp1')).toBe('running');
  });
});
