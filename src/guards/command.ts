import { z } from 'zod';
import { command } from '../host/ask.ts';
import { factOf } from '../host/facts.ts';
import { defineGuard } from '../module/guard.ts';
import { filledText, int, listOrOne, required, text, withDefault } from '../module/params.ts';
import { complaintsOf } from './cluster/complaints.ts';

const params = z.strictObject({
  argv: required(
    z.array(text()).min(1, { error: 'Expected a program and its arguments' }),
    'Program and arguments, no shell in between; it must only read, since check mode runs it too',
  ),
  from: required(filledText(), 'Pattern of the hosts that run it; it must end well on all of them'),
  rc: withDefault(listOrOne(int({ min: 0, max: 255 })), [0], 'Exit codes that mean well'),
  timeout: withDefault(int({ min: 1 }), 30, 'Seconds for one run'),
  patience: withDefault(int({ min: 0 }), 60, 'Seconds that it may take to end well again after a batch'),
});
type Params = z.output<typeof params>;

const query = (p: Params) => command(p.argv, { timeoutMs: p.timeout * 1000 });

/** What no other guard knows: a program of the operator's own that says whether to go on. */
export default defineGuard({
  name: 'command',
  summary: 'Lets a batch begin only where a program that reads ends well on the hosts that are named',
  examples: ['command:\n  argv: [pg_isready, -h, 192.0.2.5]\n  from: workers[0]'],
  params,
  variables: [],
  observe: (p, cluster) => new Map(cluster.match(p.from).map((host) => [host, [query(p)]])),
  verdict: (p, situation) => {
    const {
      hosts,
      bad,
      text: why,
    } = complaintsOf(p.from, situation, (facts) => {
      const fact = factOf(facts, query(p));
      if (fact === undefined) return `it did not end within ${p.timeout} s`;
      if (p.rc.includes(fact.code)) return undefined;
      const said = (fact.stderr.trim() === '' ? fact.stdout : fact.stderr).trim().split('\n').at(-1) ?? '';
      return `exit code ${fact.code}${said === '' ? '' : `, ${said}`}`;
    });
    const good = hosts.length - bad.length;
    const message = `${p.argv.join(' ')} ends well on ${good} of ${hosts.length} hosts${why}`;
    const passes = hosts.length > 0 && bad.length === 0;
    return { verdict: passes ? 'pass' : 'refuse', message, numbers: { hosts: hosts.length, good } };
  },
  patience: (p) => p.patience,
});
