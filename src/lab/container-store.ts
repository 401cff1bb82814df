import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildImages } from './images.ts';
import { withLock } from './lock.ts';
import type { LabPlaces } from './places.ts';
import { pruneCache } from './prune.ts';
import { must } from './run.ts';
import type { Say } from './say.ts';

/** Raised whenever the images that hlb builds change. */
const imagesVersion = 4;

/** Runs in the host image with the store bound to /var/lib/containerd: the very containerd that will use it fills it. */
const importScript = `set -e
containerd --log-level error > /tmp/containerd.log 2>&1 & pid=$!
i=0
until ctr version > /dev/null 2>&1; do
  i=$((i + 1)); [ $i -lt 300 ] || { cat /tmp/containerd.log >&2; exit 1; }
  sleep 0.1
done
for tar in /mnt/*.tar; do ctr --namespace k8s.io images import "$tar"; done
kill $pid; wait $pid || true
`;

/** The image tars of a folder of real Kubernetes; none where it has no images/. */
function givenImages(k8sDir: string | undefined): readonly string[] {
  const dir = k8sDir === undefined ? undefined : join(k8sDir, 'images');
  if (dir === undefined || !existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => name.endsWith('.tar'))
    .sort()
    .map((name) => join(dir, name));
}

/** A /var/lib/containerd with every image imported, built once; each host gets a copy that shares its files. */
export async function containerStore(
  places: LabPlaces,
  base: string,
  k8sDir: string | undefined,
  say: Say,
): Promise<string> {
  const given = givenImages(k8sDir);
  const key = createHash('sha256').update(JSON.stringify([imagesVersion, basename(base), k8sDir === undefined]));
  for (const file of given) key.update(`${file} ${statSync(file).size} ${statSync(file).mtimeMs}`);
  const store = join(places.cache, `store-${key.digest('hex').slice(0, 16)}`);
  if (existsSync(store)) return store;
  return withLock(`${store}.lock`, async () => {
    if (existsSync(store)) return store;
    say('Building the container images of the lab (about 20 s, once)');
    const building = `${store}.building`;
    rmSync(building, { recursive: true, force: true });
    const images = join(building, 'images');
    const data = join(building, 'containerd');
    mkdirSync(data, { recursive: true, mode: 0o711 });
    await buildImages(images, base, k8sDir === undefined, say);
    for (const file of given) await linkOrCopy(file, join(images, `given-${basename(file)}`));
    await must('systemd-nspawn', [
      `--directory=${base}`,
      '--read-only',
      '--quiet',
      '--register=no',
      '--keep-unit',
      '--as-pid2',
      '--capability=all',
      '--system-call-filter=@keyring bpf',
      '--tmpfs=/tmp',
      `--bind=${data}:/var/lib/containerd`,
      `--bind-ro=${images}:/mnt`,
      '/bin/sh',
      '-c',
      importScript,
    ]);
    rmSync(images, { recursive: true });
    renameSync(data, store);
    pruneCache(places.cache, 'store-', store);
    rmSync(building, { recursive: true });
    return store;
  });
}

async function linkOrCopy(file: string, to: string): Promise<void> {
  try {
    linkSync(file, to);
  } catch {
    await must('cp', [file, to]);
  }
}
