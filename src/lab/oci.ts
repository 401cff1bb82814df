import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { must } from './run.ts';

/** What a container of an image runs, in the words of the OCI image specification. */
export interface ImageConfig {
  readonly User?: string;
  readonly Env?: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir?: string;
  readonly StopSignal?: string;
  readonly Labels?: Readonly<Record<string, string>>;
}

export interface ImageSpec {
  /** Full references, such as `docker.io/library/haproxy:3.0`. */
  readonly references: readonly string[];
  readonly config: ImageConfig;
  /** The directory that becomes its only layer; owners and modes are kept. */
  readonly root: string;
  readonly createdBy: string;
}

interface Blob {
  readonly digest: string;
  readonly size: number;
}

/** The name that OCI and Debian give to this machine's processor. */
export function architecture(): string {
  return process.arch === 'x64' ? 'amd64' : process.arch;
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** Moves a file under its digest, where an OCI layout keeps it. */
async function addBlob(layout: string, path: string): Promise<Blob> {
  const digest = await sha256(path);
  const size = statSync(path).size;
  renameSync(path, join(layout, 'blobs/sha256', digest));
  return { digest: `sha256:${digest}`, size };
}

async function addJson(layout: string, value: unknown): Promise<Blob> {
  const path = join(layout, 'new');
  writeFileSync(path, JSON.stringify(value));
  return addBlob(layout, path);
}

/** Writes an image as an OCI layout in a tar, which `ctr images import` takes. The same content gives the same bytes. */
export async function writeImage(path: string, image: ImageSpec): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const layout = mkdtempSync(`${path}.`);
  mkdirSync(join(layout, 'blobs/sha256'), { recursive: true });
  const tar = join(layout, 'new');
  const plain = ['--sort=name', '--mtime=@0', '--numeric-owner', '--format=gnu'];
  await must('tar', [...plain, '-C', image.root, '-cf', tar, '.']);
  const layer = await addBlob(layout, tar);
  const config = await addJson(layout, {
    created: '1970-01-01T00:00:00Z',
    architecture: architecture(),
    os: 'linux',
    config: image.config,
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
    history: [{ created: '1970-01-01T00:00:00Z', created_by: image.createdBy }],
  });
  const manifest = await addJson(layout, {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer }],
  });
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(
    join(layout, 'index.json'),
    JSON.stringify({
      schemaVersion: 2,
      manifests: image.references.map((reference) => ({
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        ...manifest,
        platform: { architecture: architecture(), os: 'linux' },
        annotations: { 'io.containerd.image.name': reference },
      })),
    }),
  );
  await must('tar', [...plain, '-C', layout, '-cf', `${path}.new`, 'oci-layout', 'index.json', 'blobs']);
  renameSync(`${path}.new`, path);
  rmSync(layout, { recursive: true });
}
