import { z } from 'zod';
import type { FactTable } from '../host/observation.ts';

const text = z.string();
const texts = z.array(text);
const textByName = z.record(text, text);
const bytes = z.instanceof(Uint8Array);
const hashes = z.strictObject({
  md5: text.exactOptional(),
  sha1: text.exactOptional(),
  sha256: text.exactOptional(),
  sha512: text.exactOptional(),
});

const absentFile = z.strictObject({
  exists: z.literal(false),
  parentMissing: z.boolean(),
  parent: z.strictObject({ mode: z.int(), gid: z.int(), group: text }).exactOptional(),
});
const presentFile = z.strictObject({
  exists: z.literal(true),
  type: z.enum(['file', 'directory', 'link', 'fifo', 'socket', 'block', 'char']),
  mode: z.int(),
  uid: z.int(),
  gid: z.int(),
  owner: text,
  group: text,
  size: z.int(),
  mtime: z.number(),
  atime: z.number(),
  ctime: z.number(),
  inode: z.int(),
  device: z.int(),
  links: z.int(),
  target: text.exactOptional(),
  place: text.exactOptional(),
  hashes,
  content: bytes.exactOptional(),
  predicted: z.literal(true).exactOptional(),
});

const sandbox = z.strictObject({
  id: text,
  pod: text,
  namespace: text,
  uid: text,
  ready: z.boolean(),
  configHash: text.exactOptional(),
});
const container = z.strictObject({
  id: text,
  sandboxId: text,
  name: text,
  pod: text,
  attempt: z.int(),
  state: z.enum(['running', 'exited', 'created', 'unknown']),
  image: text,
  pid: z.int(),
  createdAt: z.number(),
});

const absent = z.strictObject({ exists: z.literal(false) });

/** Facts as a case may give them: what a host would never answer is wrong in the case. */
export const factSchemas: { readonly [K in keyof FactTable]: z.ZodType<FactTable[K]> } = {
  file: z.discriminatedUnion('exists', [absentFile, presentFile]),
  directory: z.strictObject({
    exists: z.boolean(),
    entries: z.array(z.strictObject({ path: text, file: presentFile })),
  }),
  glob: z.strictObject({ matches: texts }),
  unit: z.strictObject({
    loadState: text,
    activeState: text,
    subState: text,
    unitFileState: text,
    needDaemonReload: z.boolean(),
    dropInPaths: texts,
    fragmentPath: text,
    mainPid: z.int(),
    properties: textByName,
  }),
  package: z.strictObject({
    installed: z.boolean(),
    version: text.exactOptional(),
    candidate: text.exactOptional(),
    providedBy: text.exactOptional(),
    held: z.boolean(),
  }),
  user: z.discriminatedUnion('exists', [
    absent,
    z.strictObject({
      exists: z.literal(true),
      uid: z.int(),
      gid: z.int(),
      comment: text,
      home: text,
      shell: text,
      groups: texts,
      passwordHash: text.exactOptional(),
      expires: z.int().exactOptional(),
      passwordDays: z.strictObject({ min: z.int(), max: z.int(), warn: z.int(), inactive: z.int() }).exactOptional(),
    }),
  ]),
  group: z.discriminatedUnion('exists', [
    absent,
    z.strictObject({ exists: z.literal(true), gid: z.int(), members: texts }),
  ]),
  mounts: z.strictObject({
    mounts: z.array(z.strictObject({ source: text, target: text, type: text, options: text })),
    fstab: text,
  }),
  swap: z.strictObject({ active: z.array(z.strictObject({ device: text, type: text, kib: z.int() })) }),
  sysctl: z.strictObject({ value: text.exactOptional() }),
  'kernel-module': z.strictObject({ loaded: z.boolean(), builtin: z.boolean() }),
  hostname: z.strictObject({ current: text, static: text }),
  port: z.strictObject({ listeners: texts }),
  http: z.strictObject({
    status: z.int(),
    headers: textByName,
    body: bytes,
    redirectedTo: text.exactOptional(),
    error: text.exactOptional(),
  }),
  wait: z.strictObject({ met: z.boolean(), elapsedMs: z.number(), last: text }),
  containers: z.strictObject({
    error: text.exactOptional(),
    sandboxes: z.array(sandbox),
    containers: z.array(container),
  }),
  haproxy: z.strictObject({ answers: texts, error: text.exactOptional() }),
  command: z.strictObject({ code: z.int(), stdout: text, stderr: text }),
  system: z.record(text, z.json()),
  identity: z.strictObject({ uid: z.int(), gid: z.int(), owner: text, group: text, umask: z.int() }),
};
