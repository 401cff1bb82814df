import { existsSync, readFileSync } from 'node:fs';

/** Where hosts and containers find the runtime of the doubles, and the files that steer them. */
export const runtimeDir = '/opt/hlb-doubles';
export const settingsDir = '/etc/hlb-lab';

/** A label of every image that is a double: the kubelet's double mounts their common runtime into its containers. */
export const doubleLabel = 'hlb.test-double';

/** The versions that images of the control plane exist of: the one that stands at first, and two to upgrade to. */
export const imageVersions = ['v1.34.9', 'v1.34.10', 'v1.35.1'] as const;

/** Of an image: the version of the control plane that it stands for. */
export const versionVariable = 'HLB_DOUBLE_VERSION';

/** The version that a double stands in for: its image's; else the host's /etc/hlb-lab/version, as if packages had been upgraded. */
export function doubleVersion(): string {
  const path = `${settingsDir}/version`;
  return process.env[versionVariable] ?? (existsSync(path) ? readFileSync(path, 'utf8').trim() : imageVersions[0]);
}

/** What the doubles call themselves wherever a version is shown: a build of it that nobody takes for the real one. */
export function shownVersion(): string {
  return `${doubleVersion()}+hlb-test-double`;
}
