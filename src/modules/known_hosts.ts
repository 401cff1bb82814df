import { z } from 'zod';
import { defineModule } from '../module/define.ts';
import { type Edited, type EditWish, editQuery, planEdit } from '../module/edit-file.ts';
import { editKnownHosts } from '../module/known-hosts.ts';
import { bool, choice, filledText, optional, path, required, text, withDefault } from '../module/params.ts';

const params = z
  .strictObject({
    name: required(
      filledText().transform((name) => name.toLowerCase()),
      'Name or address of the host, as ssh knows it; [name]:port for another port',
      { aliases: ['host'] },
    ),
    key: optional(text(), 'Line of the key: name, type and key, as ssh-keyscan prints it'),
    path: withDefault(path(), '~/.ssh/known_hosts', 'The file'),
    hash_host: withDefault(bool(), false, 'Hide the name in the file'),
    state: withDefault(choice(['present', 'absent']), 'present', 'Whether the key shall be there'),
  })
  .superRefine((p, context) => {
    if (p.state === 'present' && p.key === undefined) {
      context.addIssue({ code: 'custom', message: 'No key specified when adding a host', path: ['key'] });
    }
    if (p.key !== undefined && !/^(@\S+\s+)?\S+\s+(ssh|ecdsa|sk)-\S+\s+\S+/.test(p.key.trim())) {
      context.addIssue({
        code: 'custom',
        message: 'Expected "NAME TYPE KEY", as ssh-keyscan prints it',
        path: ['key'],
      });
    }
  });

type Params = z.output<typeof params>;

function wishOf(p: Params): EditWish {
  const attributes = { mode: undefined, owner: undefined, group: undefined };
  return { path: p.path, attributes, backup: false, validate: undefined, create: true };
}

function edit(p: Params, old: string): Edited {
  const after = editKnownHosts(old, { name: p.name, key: p.key, hash: p.hash_host, state: p.state });
  return { text: after, msg: after === old ? '' : 'changed' };
}

/** Keys of hosts that ssh trusts. */
export default defineModule({
  name: 'known_hosts',
  aliases: ['ansible.builtin.known_hosts', 'ansible.legacy.known_hosts'],
  summary: 'Keeps the host keys that ssh trusts',
  examples: [
    'known_hosts:\n  name: git.example.org\n  key: git.example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJpV\n  path: /etc/ssh/ssh_known_hosts',
  ],
  params,
  returns: z.object({
    name: z.string().meta({ description: 'Name of the host' }),
    key: z.string().nullable().meta({ description: 'The key that was given' }),
    path: z.string().meta({ description: 'The file' }),
    hash_host: z.boolean().meta({ description: 'Whether the name is hidden' }),
  }),
  convergence: () => 'converges',
  observe: (p) => [editQuery(p.path)],
  plan: (p, seen, _inputs, context) => planEdit(wishOf(p), (old) => edit(p, old), seen, context),
  result: (p) => ({ name: p.name, key: p.key ?? null, path: p.path, hash_host: p.hash_host }),
  fuses: true,
});
