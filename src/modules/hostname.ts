import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { file, hostname } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import { run, writeFile } from '../module/change.ts';
import { contentOf } from '../module/content.ts';
import { defineModule } from '../module/define.ts';
import { choice, optional, required, text } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const label = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const pattern = new RegExp(`^${label}(\\.${label})*$`);

const params = z.strictObject({
  name: required(
    text().refine((name) => name.length <= 253 && pattern.test(name), {
      error: 'Expected a host name of letters, digits, "-" and "."',
    }),
    'Name of the host',
  ),
  use: optional(
    choice(['generic', 'debian', 'redhat', 'systemd', 'alpine']),
    'Accepted for the sake of playbooks: /etc/hostname and the running name are set in the same way everywhere',
  ),
});

function factsOf(name: string): JsonObject {
  const [short = name, ...domain] = name.split('.');
  return { hostname: short, nodename: name, fqdn: name, domain: domain.join('.') };
}

/** The host's name, now and after a reboot. */
export default defineModule({
  name: 'hostname',
  aliases: ['ansible.builtin.hostname', 'ansible.legacy.hostname'],
  summary: 'Sets the name of the host',
  examples: ['hostname:\n  name: "{{ inventory_hostname }}"'],
  params,
  returns: z.object({
    name: z.string().meta({ description: 'Name of the host' }),
    ansible_facts: z.looseObject({}).meta({ description: 'Facts of the name' }),
  }),
  convergence: () => 'converges',
  observe: () => [hostname(), file('/etc/hostname', { follow: true })],
  plan: (p, seen) => {
    const now = seen(hostname());
    const changes: Change[] = [];
    if (now.static !== p.name) {
      const { exists } = seen(file('/etc/hostname', { follow: true }));
      const content = contentOf(`${p.name}\n`);
      changes.push(writeFile('/etc/hostname', content, { follow: true, ...(exists ? {} : { mode: 0o644 }) }));
    }
    if (now.current !== p.name) changes.push(run(['hostname', p.name], { touches: ['hostname'] }));
    return plan(changes, {
      effects: [{ kind: 'set-facts', facts: factsOf(p.name), as: 'facts' }],
      ...(changes.length === 0 ? { why: 'the host has this name' } : {}),
    });
  },
  result: (p) => ({
    name: p.name,
    ansible_facts: Object.fromEntries(Object.entries(factsOf(p.name)).map(([key, value]) => [`ansible_${key}`, value])),
  }),
  fuses: true,
});
