import { z } from 'zod';
import { file } from '../host/ask.ts';
import type { FileQuery } from '../host/observation.ts';
import { defineModule } from '../module/define.ts';
import { path, required } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';

const params = z.strictObject({
  src: required(path(), 'File on the host', { aliases: ['path'] }),
});

const sizeLimit = 32 * 1024 * 1024;

const queryOf = (src: string): FileQuery => file(src, { follow: true, contentLimit: sizeLimit });

/** The content of a file of the host. */
export default defineModule({
  name: 'slurp',
  aliases: ['ansible.builtin.slurp', 'ansible.legacy.slurp'],
  summary: 'Reads a file of the host, as base64',
  examples: ['slurp:\n  src: /etc/kubernetes/admin.conf\nregister: admin_conf'],
  params,
  returns: z.object({
    content: z.string().meta({ description: 'The bytes of the file, as base64' }),
    encoding: z.literal('base64').meta({ description: '"base64"' }),
    source: z.string().meta({ description: 'Path of the file' }),
  }),
  convergence: () => 'reads',
  observe: (p) => [queryOf(p.src)],
  plan: (p, seen) => {
    const fact = seen(queryOf(p.src));
    if (!fact.exists) return refuse(`file not found: ${p.src}`);
    if (fact.type === 'directory') return refuse(`source is a directory and must be a file: ${p.src}`);
    if (fact.content === undefined) {
      const tooBig = fact.type === 'file' && fact.size > sizeLimit;
      return refuse(
        tooBig ? `"${p.src}" has ${fact.size} bytes, more than ${sizeLimit}` : `file is not readable: ${p.src}`,
      );
    }
    return plan([], { why: 'reading changes nothing' });
  },
  result: (p, seen) => {
    const fact = seen(queryOf(p.src));
    const content = fact.exists ? fact.content : undefined;
    return { content: Buffer.from(content ?? []).toString('base64'), encoding: 'base64', source: p.src };
  },
  fuses: true,
});
