import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sourcesFor } from './apt-sources.ts';
import { withLock } from './lock.ts';
import type { LabPlaces } from './places.ts';
import { pruneCache } from './prune.ts';
import { hostPackages, hostSuite, imageFiles, imageScript, recipeHash } from './recipe.ts';
import { must } from './run.ts';
import type { Say } from './say.ts';

/**
 * The root file system that every host of every lab lies on as an overlay, built once for a recipe: in another
 * directory, renamed when whole, so that an interrupted build leaves nothing that looks built.
 */
export async function baseImage(places: LabPlaces, say: Say): Promise<string> {
  const mirrors = sourcesFor(hostSuite);
  const image = join(places.cache, `base-${recipeHash(mirrors.join(' '))}`);
  if (existsSync(image)) return image;
  return withLock(`${image}.lock`, async () => {
    if (existsSync(image)) return image;
    say(`Building the host image from ${hostPackages.length} Debian packages and what they need (about 45 s, once)`);
    const building = `${image}.building`;
    const files = `${image}.files`;
    rmSync(building, { recursive: true, force: true });
    rmSync(files, { recursive: true, force: true });
    for (const { path, mode, text } of imageFiles) {
      mkdirSync(dirname(join(files, path)), { recursive: true });
      writeFileSync(join(files, path), text);
      chmodSync(join(files, path), mode);
    }
    writeFileSync(`${files}.sh`, imageScript);
    await must('mmdebstrap', [
      '--variant=apt',
      '--mode=root',
      '--quiet',
      '--dpkgopt=path-exclude=/usr/share/doc/*',
      '--dpkgopt=path-exclude=/usr/share/man/*',
      '--dpkgopt=path-exclude=/usr/share/locale/*',
      `--include=${hostPackages.join(',')}`,
      `--customize-hook=sync-in ${files} /`,
      `--customize-hook=chroot "$1" /bin/sh -c "$(cat ${files}.sh)"`,
      hostSuite,
      building,
      ...mirrors,
    ]);
    rmSync(files, { recursive: true });
    rmSync(`${files}.sh`);
    renameSync(building, image);
    pruneCache(places.cache, 'base-', image);
    return image;
  });
}
