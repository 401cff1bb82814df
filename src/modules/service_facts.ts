import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { command } from '../host/ask.ts';
import type { CommandQuery } from '../host/observation.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { plan, refuse } from '../module/plan.ts';

const plain = ['--no-pager', '--no-legend', '--plain', '--type', 'service', '--all'] as const;
const unitsQuery: CommandQuery = command(['systemctl', 'list-units', ...plain]);
const filesQuery: CommandQuery = command(['systemctl', 'list-unit-files', ...plain]);

function stateOf(active: string, sub: string): string {
  if (active === 'failed') return 'failed';
  if (sub === 'running') return 'running';
  return active === 'active' || active === 'inactive' ? 'stopped' : 'unknown';
}

function services(seen: Seen): JsonObject {
  const found = new Map<string, { state: string; status: string }>();
  for (const line of seen(unitsQuery).stdout.split('\n')) {
    const [name = '', load = '', active = '', sub = ''] = line
      .replace(/^[●*\s]+/, '')
      .trim()
      .split(/\s+/);
    if (!name.endsWith('.service')) continue;
    found.set(name, { state: stateOf(active, sub), status: load === 'not-found' ? 'not-found' : 'unknown' });
  }
  for (const line of seen(filesQuery).stdout.split('\n')) {
    const [name = '', status = ''] = line.trim().split(/\s+/);
    if (!name.endsWith('.service')) continue;
    found.set(name, { state: found.get(name)?.state ?? 'inactive', status });
  }
  return Object.fromEntries([...found].map(([name, one]) => [name, { name, source: 'systemd', ...one }]));
}

/** What services the host has. */
export default defineModule({
  name: 'service_facts',
  aliases: ['ansible.builtin.service_facts', 'ansible.legacy.service_facts'],
  summary: 'Gathers the services of the host as facts',
  examples: ['service_facts:'],
  params: z.strictObject({}),
  returns: z.object({
    ansible_facts: z
      .looseObject({})
      .meta({ description: '`services`: each with `name`, `state`, `status` and `source`' }),
  }),
  convergence: () => 'reads',
  observe: () => [unitsQuery, filesQuery],
  plan: (_p, seen) => {
    if (seen(unitsQuery).code !== 0) return refuse(`Cannot list the services: ${seen(unitsQuery).stderr.trim()}`);
    return plan([], {
      effects: [{ kind: 'set-facts', facts: { services: services(seen) }, as: 'named_facts' }],
      why: 'looking changes nothing',
    });
  },
  result: (_p, seen) => ({ ansible_facts: { services: services(seen) } }),
  fuses: true,
});
