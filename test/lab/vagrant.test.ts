import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installScript, kubernetesDir } from '../../src/lab/kubernetes.ts';
import { run } from '../../src/lab/run.ts';
import { labHosts } from '../../src/lab/shape.ts';
import { noLabReason } from '../rig/lab.ts';

// Machines cannot be booted where there is no hardware virtualization: what can be tested is that Vagrant takes the file.

const there = await run('vagrant', ['--version']).then(
  ({ code }) => code === 0,
  () => false,
);
const reason = there ? undefined : noLabReason();
if (reason !== undefined) process.stderr.write(`skipped: the Vagrantfile, because vagrant is missing and ${reason}\n`);

describe.skipIf(reason !== undefined)('the Vagrantfile', () => {
  let dir = '';
  const vagrant = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    run('vagrant', words, {
      env: {
        VAGRANT_CWD: join(import.meta.dirname, '../../vagrant'),
        VAGRANT_HOME: join(dir, 'home'),
        VAGRANT_DOTFILE_PATH: join(dir, 'dot'),
        ...env,
      },
    });

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'hlb-vagrant-'));
    if (there) return;
    // Another suite may be at it already.
    const patient = ['-o', 'DPkg::Lock::Timeout=120'];
    const installed = await run('apt-get', [...patient, 'install', '-y', '-q', '--no-install-recommends', 'vagrant'], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
    expect(installed).toMatchObject({ code: 0 });
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('is valid as it stands: three control planes and two workers', async () => {
    const valid = await vagrant(['validate', '--ignore-provider']);
    expect(valid, valid.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Vagrantfile validated successfully.'),
    });
    for (const name of ['cp1', 'cp2', 'cp3', 'w1', 'w2']) expect(valid.stdout + valid.stderr).toContain(name);
  });

  it('is valid for another box and for a lab that hlb describes, with real binaries', async () => {
    const lab = join(dir, 'lab.json');
    const hosts = labHosts({ controlPlanes: 1, workers: 0, balancers: 1 }, 0);
    const kubernetes = { folder: dir, at: kubernetesDir('real'), script: installScript('real') };
    writeFileSync(lab, JSON.stringify({ name: 'lab', hosts, kubernetes }));
    const valid = await vagrant(['validate', '--ignore-provider'], { HLB_VAGRANT_LAB: lab, HLB_VAGRANT_BOX: 'ubuntu' });
    expect(valid, valid.stderr).toMatchObject({ code: 0 });
    expect(valid.stdout + valid.stderr).toContain('lb1');
    expect(valid.stdout + valid.stderr).not.toContain('cp2');
  });

  it('installs Kubernetes by a script that any shell reads', async () => {
    expect(await run('sh', ['-n'], { input: installScript('real') })).toMatchObject({ code: 0, stderr: '' });
  });
});
