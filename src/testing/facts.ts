import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AnyFact, Observation } from '../host/observation.ts';
import { factSchemas } from './fact-schemas.ts';

/** What a case says of the host: a part of an observation, and the fact that answers it. */
export interface KnownFact {
  readonly ask: Readonly<Record<string, unknown>>;
  readonly fact: Readonly<Record<string, unknown>>;
}

const defaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  file: { parentMissing: false },
  directory: { exists: true, entries: [] },
  glob: { matches: [] },
  unit: {
    loadState: 'loaded',
    activeState: 'inactive',
    subState: 'dead',
    unitFileState: 'disabled',
    needDaemonReload: false,
    dropInPaths: [],
    fragmentPath: '',
    mainPid: 0,
    properties: {},
  },
  package: { installed: false, held: false },
  user: { exists: false },
  group: { exists: false },
  mounts: { mounts: [], fstab: '' },
  swap: { active: [] },
  'kernel-module': { loaded: false, builtin: false },
  hostname: { current: '', static: '' },
  port: { listeners: [] },
  http: { status: 0, headers: {}, body: '' },
  wait: { met: true, elapsedMs: 0, last: '' },
  containers: { sandboxes: [], containers: [] },
  haproxy: { answers: [] },
  command: { code: 0, stdout: '', stderr: '' },
};

const presentFile = {
  type: 'file',
  mode: '0644',
  uid: 0,
  gid: 0,
  owner: 'root',
  group: 'root',
  mtime: 1_700_000_000,
  atime: 1_700_000_000,
  ctime: 1_700_000_000,
  inode: 42,
  device: 1,
  links: 1,
};

const usualContainer = {
  id: 'c1',
  sandboxId: 's1',
  name: 'main',
  pod: 'pod',
  attempt: 0,
  state: 'running',
  image: 'image',
  pid: 100,
  createdAt: 1_700_000_000_000,
};

const presentUser = { uid: 1000, gid: 1000, comment: '', home: '', shell: '/bin/sh', groups: [] };

/** The fact that a case gives for an observation; throws where it gives none. */
export function answer(observation: Observation, host: readonly KnownFact[]): AnyFact {
  const known = host.find((one) => isPart(one.ask, observation)) ?? whoever(observation);
  if (known === undefined) throw new Error(`The case says nothing of ${JSON.stringify(observation)}`);
  const fact = complete(observation, { ...defaults[observation.kind], ...known.fact });
  const schema: z.ZodType<AnyFact> = factSchemas[observation.kind];
  const read = schema.safeParse(fact);
  if (read.success) return read.data;
  throw new Error(`No host answers ${JSON.stringify(observation)} so: ${z.prettifyError(read.error)}`);
}

/** Root asks unless a case says otherwise. */
function whoever(observation: Observation): KnownFact | undefined {
  if (observation.kind !== 'identity') return undefined;
  return { ask: {}, fact: { uid: 0, gid: 0, owner: 'root', group: 'root', umask: 0o022 } };
}

/** Whether every field of `part` is in `whole`, deeply. */
export function isPart(part: unknown, whole: unknown): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.length === whole.length && part.every((item, at) => isPart(item, whole[at]));
  }
  if (!isRecord(part)) return Object.is(part, whole);
  return isRecord(whole) && Object.entries(part).every(([key, value]) => isPart(value, whole[key]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function complete(observation: Observation, fact: Record<string, unknown>): unknown {
  if (observation.kind === 'file') return fileFact(fact, observation);
  if (observation.kind === 'directory' && Array.isArray(fact['entries'])) {
    const entries = fact['entries'].filter(isRecord).map(({ path, ...file }) => ({
      path,
      file: fileFact({ exists: true, ...file }, { hashes: observation.hashes, contentLimit: 0 }),
    }));
    return { ...fact, entries };
  }
  if (observation.kind === 'user' && fact['exists'] === true) {
    return { ...presentUser, home: `/home/${observation.name}`, groups: [observation.name], ...fact };
  }
  if (observation.kind === 'group' && fact['exists'] === true) return { gid: 1000, members: [], ...fact };
  if (observation.kind === 'containers' && Array.isArray(fact['containers'])) {
    const containers = fact['containers'].filter(isRecord).map((one) => ({ ...usualContainer, ...one }));
    return { ...fact, containers };
  }
  if (observation.kind === 'http') return { ...fact, body: bytes(fact['body']) };
  return fact;
}

function bytes(text: unknown): Uint8Array {
  return new TextEncoder().encode(typeof text === 'string' ? text : '');
}

function fileFact(
  fact: Record<string, unknown>,
  asked: { readonly hashes: readonly string[]; readonly contentLimit: number },
): unknown {
  if (fact['exists'] !== true) return fact;
  const { content, parentMissing: _, mode, ...given } = fact;
  const rest = { ...presentFile, ...given };
  const data = bytes(content);
  const isFile = rest.type === 'file';
  const hashes = isFile
    ? Object.fromEntries(asked.hashes.map((name) => [name, createHash(name).update(data).digest('hex')]))
    : {};
  return {
    size: isFile ? data.length : 0,
    ...rest,
    mode: Number.parseInt(typeof mode === 'string' ? mode : presentFile.mode, 8),
    hashes,
    ...(isFile && asked.contentLimit >= data.length ? { content: data } : {}),
  };
}
