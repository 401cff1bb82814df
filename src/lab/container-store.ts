import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LabPlaces } from './places.ts';
import type { Say } from './say.ts';

export async function containerStore(
  places: LabPlaces,
  _image: string,
  _k8sDir: string | undefined,
  _say: Say,
): Promise<string> {
  const dir = join(places.cache, 'store-empty');
  mkdirSync(dir, { recursive: true });
  return dir;
}
