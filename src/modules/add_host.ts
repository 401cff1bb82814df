import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { defineModule } from '../module/define.ts';
import { filledText, json, list, required, text, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z
  .object({
    name: required(filledText(), 'Name of the host; a port may follow after a colon', {
      aliases: ['host', 'hostname'],
    }),
    groups: withDefault(list(text()), [], 'Groups that it joins', { aliases: ['group', 'groupname'] }),
  })
  .catchall(json());

type Params = z.output<typeof params>;

function hostOf(p: Params): { readonly name: string; readonly vars: JsonObject } {
  const { name: written, groups: _, ...vars } = p;
  const [, bare = written, port] = /^(.*?[^:]):(\d+)$/.exec(written) ?? [];
  const isAddress = /^[0-9a-fA-F:]+$/.test(written) && written.split(':').length > 2;
  if (isAddress || port === undefined) return { name: written, vars };
  return { name: bare, vars: { ansible_port: Number(port), ...vars } };
}

/** A host of the inventory, for the rest of the run. */
export default defineModule({
  name: 'add_host',
  aliases: ['ansible.builtin.add_host', 'ansible.legacy.add_host'],
  summary: 'Adds a host to the inventory of this run',
  examples: ['add_host:\n  name: "{{ new_node.address }}"\n  groups: workers\n  ansible_user: root'],
  params,
  returns: z.object({
    add_host: z.looseObject({}).meta({ description: 'The host: `host_name`, `groups`, `host_vars`' }),
  }),
  convergence: () => 'reads',
  observe: () => [],
  plan: (p) => {
    const { name, vars } = hostOf(p);
    return plan([], {
      effects: [{ kind: 'add-host', name, groups: p.groups, vars }],
      why: 'the inventory of a run changes nothing on the host',
    });
  },
  result: (p) => {
    const { name, vars } = hostOf(p);
    return { changed: true, add_host: { host_name: name, groups: p.groups, host_vars: vars } };
  },
});
