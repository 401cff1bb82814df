import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { command } from '../host/ask.ts';
import type { CommandQuery } from '../host/observation.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { bool, filledText, optional, required, text, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';

const params = z.strictObject({
  database: required(filledText(), 'Database, such as passwd, group, hosts or services'),
  key: optional(text(), 'Entry to look up; all when left out'),
  service: optional(text(), 'Where to look, in place of what nsswitch.conf says'),
  split: optional(text(), 'What parts the fields; ":" for passwd, group, shadow and gshadow, else blanks'),
  fail_key: withDefault(bool(), true, 'Fail where there is no such entry'),
});

type Params = z.output<typeof params>;

function queryOf(p: Params): CommandQuery {
  const service = p.service === undefined ? [] : ['-s', p.service];
  return command(['getent', ...service, p.database, ...(p.key === undefined ? [] : [p.key])]);
}

/** Entries by their first field; one that comes several times has a list of them all. */
function entriesOf(p: Params, stdout: string): JsonObject {
  const byColon = ['passwd', 'shadow', 'group', 'gshadow'].includes(p.database);
  const split = p.split ?? (byColon ? ':' : undefined);
  const found = new Map<string, string[][]>();
  for (const line of stdout.split('\n').filter((one) => one !== '')) {
    const [key = '', ...rest] = split === undefined ? line.trim().split(/\s+/) : line.split(split);
    found.set(key, [...(found.get(key) ?? []), rest]);
  }
  const entries = [...found].map(([key, all]) => [key, all.length === 1 ? (all[0] ?? []) : all]);
  return Object.fromEntries(entries);
}

function factsOf(p: Params, seen: Seen): JsonObject {
  const { code, stdout } = seen(queryOf(p));
  const isMissing = code === 2 && p.key !== undefined;
  return { [`getent_${p.database}`]: isMissing ? { [p.key ?? '']: null } : entriesOf(p, stdout) };
}

/** Entries of the host's name service. */
export default defineModule({
  name: 'getent',
  aliases: ['ansible.builtin.getent', 'ansible.legacy.getent'],
  summary: 'Looks entries up in the name service of the host',
  examples: ['getent:\n  database: passwd\n  key: haproxy'],
  params,
  returns: z.object({
    ansible_facts: z.looseObject({}).meta({ description: 'The entries, as getent_DATABASE' }),
  }),
  convergence: () => 'reads',
  observe: (p) => [queryOf(p)],
  plan: (p, seen) => {
    const { code } = seen(queryOf(p));
    if (code === 127) return refuse('getent is not installed on this host');
    if (code === 1) return refuse('Missing arguments, or database unknown.');
    if (code === 3) return refuse('Enumeration not supported on this database.');
    if (code === 2 && p.fail_key) return refuse('One or more supplied key could not be found in the database.');
    if (code !== 0 && code !== 2) return refuse(`getent failed with the code ${code}`);
    return plan([], {
      effects: [{ kind: 'set-facts', facts: factsOf(p, seen), as: 'named_facts' }],
      why: 'looking changes nothing',
    });
  },
  result: (p, seen) => ({ ansible_facts: factsOf(p, seen) }),
  fuses: true,
});
