import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startClients } from '../../../src/lab/clients.ts';
import { kubernetesFolder } from '../../../src/lab/kubernetes.ts';
import { labExec, labStatus } from '../../../src/lab/lab.ts';
import { labFiles } from '../../../src/lab/places.ts';
import { LabProblem } from '../../../src/lab/problem.ts';
import { waitForHost } from '../../../src/lab/ready.ts';
import { lackOf } from '../../../src/lab/requirements.ts';
import { must } from '../../../src/lab/run.ts';
import { freeIndex } from '../../../src/lab/state.ts';

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'hlb-lab-unit-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

/** `code: message` of what the work ends with. */
async function problemOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'nothing';
  } catch (error) {
    if (!(error instanceof LabProblem)) throw error;
    return `${error.diagnostic.code}: ${error.diagnostic.message}`;
  }
}

/** A state of a lab with one host, as `up` leaves it. */
const state = (name: string, index: number): string =>
  JSON.stringify({
    name,
    index,
    shape: { controlPlanes: 1, workers: 0, balancers: 0 },
    image: '/nonexistent/image',
    store: '/nonexistent/store',
    kubernetes: { kind: 'doubles', folder: '/nonexistent/k8s' },
    inventory: '/nonexistent/inventory.yml',
    supervisors: {},
  });

function write(labs: string, name: string, text: string): void {
  mkdirSync(join(labs, name), { recursive: true });
  writeFileSync(join(labs, name, 'state.json'), text);
}

describe('What a lab stumbles over', () => {
  it('is a command that fails, with the end of what it said', async () => {
    expect(await problemOf(() => must('sh', ['-c', 'echo no such image >&2; exit 3']))).toBe(
      'lab/command-failed: Expected "sh -c echo no such image >&2; exit 3" to succeed, but it ended with exit code 3: no such image',
    );
  });

  it('is a folder of Kubernetes without its programs', async () => {
    const dir = folder();
    mkdirSync(join(dir, 'bin'));
    writeFileSync(join(dir, 'bin', 'kubelet'), '');
    expect(await problemOf(() => kubernetesFolder(dir))).toBe(
      `lab/bad-k8s-dir: Expected "${dir}" to have bin/ with kubelet, kubeadm, kubectl, crictl, but kubeadm, kubectl, crictl are missing`,
    );
  });

  it('is a host that the lab does not have, or that does not run', async () => {
    const labs = folder();
    write(labs, 'one', state('one', 3));
    const io = { say: () => undefined, env: { HLB_LABS: labs, XDG_STATE_HOME: labs } };
    expect(await labExec({ name: 'one' }, 'cp7', ['true'], io)).toMatchObject({
      error: {
        code: 'lab/unknown-host',
        message: 'Expected one of the hosts "cp1" of the lab "one", found "cp7"',
      },
    });
    expect(await labExec({ name: 'one' }, 'cp1', ['true'], io)).toMatchObject({ error: { code: 'lab/host-stopped' } });
    const options = { url: 'http://127.0.0.1/', perSecond: 1 };
    expect(await problemOf(() => startClients({ name: 'one' }, ['cp1'], options, io))).toBe(
      'lab/host-stopped: Expected the lab host "cp1" to run, but it does not',
    );
  });

  it('is a state that another version wrote', async () => {
    const labs = folder();
    write(labs, 'old', '{"name": "old"}');
    const io = { say: () => undefined, env: { HLB_LABS: labs, XDG_STATE_HOME: labs } };
    expect(await labStatus('old', io)).toMatchObject({
      error: { code: 'lab/unreadable-state', help: expect.stringContaining('hlb lab down --name old') },
    });
  });

  it('is a host that ends while it boots, with the last lines of its console', async () => {
    const labs = folder();
    const files = labFiles({ cache: labs, labs }, 'one');
    const { console } = files.host('cp1');
    mkdirSync(join(console, '..'), { recursive: true });
    writeFileSync(console, 'Failed to mount API filesystems.\n');
    const host = { name: 'cp1', group: 'control_plane', address: '127.255.255.254' } as const;
    expect(await problemOf(() => waitForHost(files, host, { pid: 0, started: 0 }))).toBe(
      'lab/host-did-not-boot: Expected the lab host "cp1" to boot and answer on 127.255.255.254:22, but its systemd-nspawn ended: Failed to mount API filesystems.',
    );
  });

  it('is that every block of addresses is taken', async () => {
    const labs = folder();
    for (let index = 0; index < 250; index++) write(labs, `lab${index}`, state(`lab${index}`, index));
    expect(await problemOf(() => freeIndex({ cache: labs, labs }))).toBe(
      'lab/too-many: Expected fewer than 250 labs on this machine',
    );
  });

  it('is a machine that cannot run systemd-nspawn', () => {
    const able = { linux: true, root: true, missing: [] };
    expect(lackOf(able, false)).toBeUndefined();
    expect(lackOf({ ...able, linux: false }, true)?.diagnostic.code).toBe('lab/not-linux');
    expect(lackOf({ ...able, root: false, missing: ['mmdebstrap'] }, true)?.diagnostic).toMatchObject({
      code: 'lab/not-root',
      message: expect.stringContaining('the packages it needs are missing too: mmdebstrap'),
    });
    expect(lackOf({ ...able, missing: ['mmdebstrap'] }, true)).toBeUndefined();
    expect(lackOf({ ...able, missing: ['mmdebstrap'] }, false)?.diagnostic.code).toBe('lab/missing-packages');
  });
});
