import { z } from 'zod';
import type { NeedTable } from '../module/need.ts';

const content = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bytes'), bytes: z.instanceof(Uint8Array), sha256: z.string() }),
  z.strictObject({ kind: z.literal('handle'), localPath: z.string(), size: z.int(), sha256: z.string() }),
]);
const file = z.strictObject({
  path: z.string(),
  mode: z.int(),
  content,
  sha1: z.string(),
  md5: z.string(),
});

/** Inputs as a case may give them. */
export const inputSchemas: { readonly [K in keyof NeedTable]: z.ZodType<NeedTable[K]> } = {
  file,
  template: file,
  tree: z.strictObject({
    path: z.string(),
    isDirectory: z.boolean(),
    directories: z.array(z.strictObject({ path: z.string(), mode: z.int() })),
    files: z.array(file.extend({ relative: z.string() })),
    links: z.array(z.strictObject({ relative: z.string(), target: z.string() })),
  }),
  vars: z.strictObject({
    path: z.string(),
    files: z.array(z.string()).exactOptional(),
    vars: z.record(z.string(), z.json()),
  }),
};
