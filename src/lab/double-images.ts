import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { doubleLabel, imageVersions, runtimeDir, versionVariable } from './doubles/name.ts';
import { copyProgram, loaderOf } from './libraries.ts';
import type { ImageSpec } from './oci.ts';

export interface DoubleImage {
  readonly file: string;
  readonly image: Omit<ImageSpec, 'root'>;
  readonly fill: (root: string, base: string) => Promise<void>;
}

/**
 * An image that holds next to nothing: its program is a script for the runtime that is mounted at /opt/hlb-doubles,
 * whose libraries it finds where every program looks for them.
 */
function doubleOf(
  name: string,
  reference: string,
  env: Readonly<Record<string, string>>,
  more: (root: string, base: string) => Promise<void> = async () => {},
): DoubleImage {
  const all = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LD_LIBRARY_PATH: `${runtimeDir}/lib`,
    ...env,
  };
  return {
    file: `${reference.replaceAll(/[/:]/g, '-')}.tar`,
    image: {
      references: [reference],
      config: {
        Env: Object.entries(all).map(([key, value]) => `${key}=${value}`),
        Entrypoint: [`/usr/local/bin/${name}`],
        WorkingDir: '/',
        Labels: { [doubleLabel]: name },
      },
      createdBy: `hlb lab: test double of ${name}`,
    },
    fill: async (root, base) => {
      await more(root, base);
      const program = join(root, 'usr/local/bin', name);
      mkdirSync(dirname(program), { recursive: true });
      mkdirSync(join(root, runtimeDir), { recursive: true });
      writeFileSync(program, `#!${runtimeDir}/bin/node ${runtimeDir}/js/${name}.js\n`, { mode: 0o755 });
      mkdirSync(join(root, 'etc'));
      writeFileSync(join(root, 'etc/nsswitch.conf'), 'hosts: files\n');
      const loader = loaderOf(base);
      mkdirSync(join(root, dirname(loader)), { recursive: true });
      symlinkSync(`${runtimeDir}/lib/${loader.split('/').at(-1)}`, join(root, loader));
    },
  };
}

const components = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;

export const doubleImages: readonly DoubleImage[] = [
  ...imageVersions.flatMap((version) =>
    components.map((name) => doubleOf(name, `registry.k8s.io/${name}:${version}`, { [versionVariable]: version })),
  ),
  doubleOf('kube-vip', 'ghcr.io/kube-vip/kube-vip:v1.0.2', {}, async (root, base) => {
    // In a root of their own: their libraries are the host image's, those of the runtime may be newer.
    for (const tool of ['/usr/bin/ip', '/usr/bin/arping']) await copyProgram(base, tool, join(root, 'tools'));
  }),
];
