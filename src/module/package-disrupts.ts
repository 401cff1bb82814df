import { baseOf } from '../host/path.ts';
import type { Disrupts, Plan } from './define.ts';

/** What an upgrade or a removal of a package takes away: it restarts or stops what runs of it. */
const takers: readonly { readonly names: RegExp; readonly disrupts: Disrupts }[] = [
  { names: /^(haproxy|keepalived)/, disrupts: 'balancer' },
  { names: /^etcd/, disrupts: 'etcd' },
  // A kubelet of another minor version makes every static pod anew.
  { names: /^(kubelet|containerd|runc|crun|cri-o|docker|moby-)/, disrupts: 'node' },
];

/** Of packages by their names; a file or URL counts by the name that it begins with. */
export function packagesDisrupt(names: readonly string[]): readonly Disrupts[] {
  return takers.flatMap(({ names: taken, disrupts }) =>
    names.some((name) => taken.test(baseOf(name).toLowerCase()) || fits(name)) ? [disrupts] : [],
  );
}

/** Groups and patterns may stand for anything. */
const fits = (name: string): boolean => /^@|^[*?[]/.test(name);

/** The packages that a plan names to apt-get or dnf. */
export function packagesIn(planned: Plan): readonly string[] {
  if (planned.kind !== 'plan') return [];
  return planned.changes.flatMap((change): readonly string[] => {
    if (change.kind !== 'run' || !('argv' in change.command)) return [];
    const { argv } = change.command;
    const at = argv.findIndex((word) => ['install', 'remove', 'build-dep'].includes(word));
    return at === -1 ? [] : argv.slice(at + 1).filter((word) => !word.startsWith('-'));
  });
}
