import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { withDebianTree } from './debian-tree.ts';
import { doubleImages } from './double-images.ts';
import { copyProgram } from './libraries.ts';
import { type ImageSpec, writeImage } from './oci.ts';
import { must } from './run.ts';
import type { Say } from './say.ts';

/** The suite that newer haproxy and etcd come from, where it can be reached. */
const newerSuite = 'trixie';

/** As the official image's: flags for a master that stays in the foreground, in front of what the person gave. */
const haproxyEntrypoint = `#!/bin/sh
set -e
case "\${1-}" in -*) set -- haproxy "$@" ;; esac
if [ "\${1-}" = haproxy ]; then
  shift
  set -- haproxy -W -db "$@"
fi
exec "$@"
`;

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function put(root: string, file: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text, { mode });
}

/** Builds one image from a temporary root that `fill` makes. */
async function build(
  out: string,
  file: string,
  image: Omit<ImageSpec, 'root'>,
  fill: (root: string) => Promise<void>,
): Promise<void> {
  const root = mkdtempSync(join(out, 'root.'));
  await must('chmod', ['0755', root]);
  await fill(root);
  await writeImage(join(out, file), { ...image, root });
  rmSync(root, { recursive: true });
}

async function haproxyVersion(tree: string): Promise<string> {
  const said = await must('chroot', [tree, '/usr/sbin/haproxy', '-v']);
  return /version (\d+\.\d+\.\d+)/.exec(said)?.[1] ?? 'unknown';
}

/** Like docker.io/library/haproxy: user haproxy (99), StopSignal SIGUSR1, a shell, the config where the official one has it. */
async function buildHaproxy(out: string, tree: string, suite: string, tags: readonly string[]): Promise<void> {
  const version = await haproxyVersion(tree);
  const minor = version.split('.').slice(0, 2).join('.');
  const image = {
    references: [minor, version, ...tags].map((tag) => `docker.io/library/haproxy:${tag}`),
    config: {
      User: 'haproxy',
      Env: [path, `HAPROXY_VERSION=${version}`],
      Entrypoint: ['docker-entrypoint.sh'],
      Cmd: ['haproxy', '-f', '/usr/local/etc/haproxy/haproxy.cfg'],
      WorkingDir: '/var/lib/haproxy',
      StopSignal: 'SIGUSR1',
    },
    createdBy: `hlb lab: haproxy ${version} of Debian ${suite}`,
  };
  await build(out, `haproxy-${minor}.tar`, image, async (root) => {
    await copyProgram(tree, '/usr/sbin/haproxy', root, '/usr/local/sbin/haproxy');
    await copyProgram(tree, '/usr/bin/dash', root, '/bin/sh');
    await copyProgram(tree, '/usr/bin/busybox', root, '/bin/busybox');
    for (const name of ['cat', 'ls', 'stat', 'id']) symlinkSync('busybox', join(root, 'bin', name));
    put(root, 'usr/local/bin/docker-entrypoint.sh', haproxyEntrypoint, 0o755);
    put(root, 'etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nhaproxy:x:99:99::/var/lib/haproxy:/bin/false\n');
    put(root, 'etc/group', 'root:x:0:\nhaproxy:x:99:\n');
    for (const dir of ['usr/local/etc/haproxy', 'var/lib/haproxy', 'run', 'tmp'])
      mkdirSync(join(root, dir), { recursive: true });
    chownSync(join(root, 'var/lib/haproxy'), 99, 99);
    await must('chmod', ['1777', join(root, 'tmp')]);
  });
}

/** Debian's own etcd under the name that kubeadm's manifest has: real members, real quorum. Without a shell, as the real image. */
async function buildEtcd(out: string, tree: string, suite: string): Promise<void> {
  const programs = ['etcd', 'etcdctl', 'etcdutl'].filter((name) => existsSync(join(tree, 'usr/bin', name)));
  const image = {
    references: ['registry.k8s.io/etcd:3.6.5-0'],
    config: { Env: [path], Entrypoint: [], WorkingDir: '/', Labels: { 'hlb.test-double': `etcd of Debian ${suite}` } },
    createdBy: `hlb lab: etcd of Debian ${suite}`,
  };
  await build(out, 'etcd.tar', image, async (root) => {
    for (const name of programs) await copyProgram(tree, `/usr/bin/${name}`, root, `/usr/local/bin/${name}`);
    mkdirSync(join(root, 'tmp'));
  });
}

async function buildPause(out: string, base: string): Promise<void> {
  const image = {
    references: ['3.6', '3.10.1'].map((tag) => `registry.k8s.io/pause:${tag}`),
    config: { Env: [path], Entrypoint: ['/bin/busybox', 'sleep', '2147483647'], WorkingDir: '/' },
    createdBy: "hlb lab: Debian's busybox asleep",
  };
  await build(out, 'pause.tar', image, async (root) => {
    await copyProgram(base, '/usr/bin/busybox', root, '/bin/busybox');
  });
}

/**
 * Builds every image that a lab brings with it into `out`: pause and haproxy always, and the control plane's doubles
 * unless real ones are given. Where the newer suite cannot be reached there is one haproxy, and an older etcd.
 */
export async function buildImages(
  out: string,
  base: string,
  withDoubles: boolean,
  say: Say,
): Promise<readonly string[]> {
  mkdirSync(out, { recursive: true });
  const etcd = ['etcd-server', 'etcd-client'];
  await buildPause(out, base);
  const newer = await withDebianTree(out, newerSuite, ['haproxy', 'dash', 'busybox-static', ...etcd], async (tree) => {
    await buildHaproxy(out, tree, newerSuite, ['lts', 'latest']);
    if (withDoubles) await buildEtcd(out, tree, newerSuite);
    return true;
  });
  if (newer === undefined) {
    say(`Debian ${newerSuite} cannot be reached: the lab has the older haproxy and etcd of its hosts' release alone`);
    if (withDoubles) {
      await withDebianTree(out, 'bookworm', etcd, (tree) => buildEtcd(out, tree, 'bookworm'));
    }
  }
  await buildHaproxy(out, base, 'bookworm', newer === undefined ? ['lts', 'latest'] : []);
  if (withDoubles) {
    for (const double of doubleImages) {
      await build(out, double.file, double.image, async (root) => double.fill(root, base));
    }
  }
  return readdirSync(out)
    .filter((name) => name.endsWith('.tar'))
    .map((name) => join(out, name));
}
