import { z } from 'zod';
import { file } from '../host/ask.ts';
import type { FileQuery } from '../host/observation.ts';
import { type AptParams, aptParams } from '../module/apt-params.ts';
import { aptEdit, aptQueries } from '../module/apt-work.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { type DnfWish, dnfQueries, planDnf } from '../module/dnf.ts';
import { outcomeFields, outputReturns } from '../module/output.ts';
import { choice, list, required, text, withDefault } from '../module/params.ts';
import { refuse } from '../module/plan.ts';

const params = z.strictObject({
  name: required(list(text()), 'Packages', { aliases: ['pkg'] }),
  state: required(choice(['absent', 'installed', 'latest', 'present', 'removed']), 'What shall be'),
  use: withDefault(
    choice(['auto', 'apt', 'dnf', 'yum', 'dnf4', 'dnf5']),
    'auto',
    'The package manager; the one that is there',
  ),
});

type Params = z.output<typeof params>;
type Manager = 'apt' | 'dnf';

const tools: Readonly<Record<Manager, FileQuery>> = {
  apt: file('/usr/bin/apt-get', { follow: true }),
  dnf: file('/usr/bin/dnf', { follow: true }),
};

/** The one that is asked for, or that is there; undefined while nobody looked. */
function managerOf(p: Params, seen: Seen): Manager | 'none' | undefined {
  if (p.use !== 'auto') return p.use === 'apt' ? 'apt' : 'dnf';
  const apt = seen.maybe(tools.apt);
  const dnf = seen.maybe(tools.dnf);
  if (apt === undefined || dnf === undefined) return undefined;
  if (apt.exists) return 'apt';
  return dnf.exists ? 'dnf' : 'none';
}

function stateOf(p: Params): 'absent' | 'present' | 'latest' {
  if (p.state === 'removed') return 'absent';
  return p.state === 'installed' ? 'present' : p.state;
}

function asApt(p: Params): AptParams {
  return aptParams.parse({ package: p.name, state: stateOf(p) });
}

function asDnf(p: Params): DnfWish {
  return { name: p.name, state: stateOf(p), options: [], autoremove: false, lockTimeout: 30 };
}

/** Packages, whoever manages them. */
export default defineModule({
  name: 'package',
  aliases: ['ansible.builtin.package', 'ansible.legacy.package'],
  summary: 'Installs and removes packages with the package manager of the host',
  examples: ['package:\n  name: socat\n  state: present'],
  params,
  returns: z.object(outputReturns),
  convergence: () => 'converges',
  observe: (p, seen) => {
    const manager = managerOf(p, seen);
    const which = p.use === 'auto' ? [tools.apt, tools.dnf] : [];
    if (manager === 'apt') return [...which, ...aptQueries(asApt(p), seen)];
    return manager === 'dnf' ? [...which, ...dnfQueries(asDnf(p))] : which;
  },
  plan: (p, seen, _inputs, context) => {
    const manager = managerOf(p, seen);
    if (manager === 'apt') return aptEdit(asApt(p), seen, context);
    if (manager === 'dnf') return planDnf(asDnf(p), seen, context);
    return refuse('This host has neither apt-get nor dnf', { help: 'Install the package with the command module' });
  },
  result: (_p, _seen, _plan, done) => outcomeFields(done.at(-1)),
});
