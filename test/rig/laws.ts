import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** A task with what must come of it; laws.yml says what the fields mean. */
const Law = z
  .looseObject({
    law: z.enum(['converges', 'always', 'reads']).default('converges'),
    before: z.string().optional(),
    here: z.string().optional(),
    after: z.string().optional(),
    skip: z.string().optional(),
    elsewhere: z.string().optional(),
  })
  .transform(({ law, before, here, after, skip, elsewhere, ...task }) => ({
    law,
    before,
    here,
    after,
    skip,
    elsewhere,
    task,
  }));
type Law = z.output<typeof Law>;

export function readLaws(): readonly Law[] {
  const path = join(import.meta.dirname, '..', 'lab', 'laws.yml');
  return z.array(Law).parse(parse(readFileSync(path, 'utf8')));
}
