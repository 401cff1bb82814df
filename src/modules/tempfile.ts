import { z } from 'zod';
import { quote, quotePath } from '../host/quote.ts';
import { runShell } from '../module/change.ts';
import { defineModule } from '../module/define.ts';
import { choice, optional, path, text, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const part = () => text().refine((value) => !value.includes('/'), { error: 'Expected a part of a name, without "/"' });

const params = z.strictObject({
  state: withDefault(choice(['file', 'directory']), 'file', 'What to make'),
  path: optional(path(), 'Directory to make it in; $TMPDIR or /tmp when left out'),
  prefix: withDefault(part(), 'ansible.', 'What its name begins with'),
  suffix: withDefault(part(), '', 'What its name ends with'),
});

type Params = z.output<typeof params>;

/** mktemp knows no suffix everywhere, so the shell makes the name; `set -C` and mkdir fail where something is there. */
function scriptOf(p: Params): string {
  const make = p.state === 'file' ? '( set -C; : >"$t" ) 2>/dev/null' : 'mkdir -- "$t" 2>/dev/null';
  const folder = p.path === undefined ? '"${TMPDIR:-/tmp}"' : quotePath(p.path);
  return `umask 077
d=${folder} n=0
[ -d "$d" ] || { echo "There is no directory $d" >&2; exit 1; }
while [ $n -lt 100 ]; do
  r=$(od -An -N4 -tx4 /dev/urandom) && r=\${r##* }
  t=$d/${quote(p.prefix)}$r${quote(p.suffix)}
  if ${make}; then printf '%s\\n%s' "$(id -u):$(id -g)" "$t"; exit 0; fi
  n=$((n + 1))
done
echo "Cannot make anything in $d" >&2
exit 1`;
}

/** A new file or directory with a name of its own. */
export default defineModule({
  name: 'tempfile',
  aliases: ['ansible.builtin.tempfile', 'ansible.legacy.tempfile'],
  summary: 'Makes a temporary file or directory',
  examples: ['tempfile:\n  state: directory\n  suffix: .build\nregister: build_dir'],
  params,
  returns: z.object({
    path: z.string().optional().meta({ description: 'Path of what was made; absent in check mode' }),
    state: z.string().optional().meta({ description: '"file" or "directory"' }),
    mode: z.string().optional().meta({ description: 'Permission bits' }),
    uid: z.int().optional().meta({ description: 'Number of the owner' }),
    gid: z.int().optional().meta({ description: 'Number of the group' }),
  }),
  convergence: () => 'always',
  observe: () => [],
  plan: (p) =>
    plan([runShell(scriptOf(p), { summary: `make a temporary ${p.state}`, touches: [`file:${p.path ?? '/tmp'}`] })]),
  result: (p, _seen, _plan, done) => {
    const [outcome] = done;
    const made = outcome?.status === 'done' ? /^(\d+):(\d+)\n([\s\S]+)$/.exec(outcome.stdout) : null;
    if (made === null) return {};
    const mode = p.state === 'file' ? '0600' : '0700';
    return { path: made[3] ?? '', state: p.state, mode, uid: Number(made[1]), gid: Number(made[2]) };
  },
  fuses: true,
});
