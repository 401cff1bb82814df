import { z } from 'zod';
import { http } from '../host/ask.ts';
import { factOf } from '../host/facts.ts';
import { defineGuard } from '../module/guard.ts';
import { bool, filledText, int, listOrOne, optional, path, required, withDefault } from '../module/params.ts';
import { complaintsOf } from './cluster/complaints.ts';

const params = z.strictObject({
  url: required(filledText(), 'What is asked for, with GET'),
  from: required(filledText(), 'Pattern of the hosts that ask for it'),
  status: withDefault(listOrOne(int({ min: 100, max: 599 })), [200], 'Answers that mean well'),
  contains: optional(filledText(), 'Text that the answer must have in it'),
  least: optional(int({ min: 1 }), 'Hosts that must get such an answer; all that are asked when left out'),
  validate_certs: withDefault(bool(), true, 'Verify the certificate'),
  ca_path: optional(path(), 'CA on the host to verify it with'),
  timeout: withDefault(int({ min: 1 }), 5, 'Seconds for one answer'),
  patience: withDefault(int({ min: 0 }), 60, 'Seconds that it may take to answer well again after a batch'),
});
type Params = z.output<typeof params>;

const query = (p: Params) =>
  http(p.url, {
    timeoutMs: p.timeout * 1000,
    verifyTls: p.validate_certs,
    followRedirects: false,
    ...(p.ca_path === undefined ? {} : { caFile: p.ca_path }),
  });

/** An address that must answer, such as a service's own health. */
export default defineGuard({
  name: 'url',
  summary: 'Lets a batch begin only where a URL answers well, asked from the hosts that are named',
  examples: ['url:\n  url: http://127.0.0.1:16444/healthz\n  from: workers'],
  params,
  variables: [],
  observe: (p, cluster) => new Map(cluster.match(p.from).map((host) => [host, [query(p)]])),
  verdict: (p, situation) => {
    const { hosts, bad, text } = complaintsOf(p.from, situation, (facts) => {
      const fact = factOf(facts, query(p));
      if (fact === undefined || fact.status === 0)
        return `no answer${fact?.error === undefined ? '' : ` (${fact.error})`}`;
      if (!p.status.includes(fact.status)) return String(fact.status);
      const wanted = p.contains;
      const isMissing = wanted !== undefined && !new TextDecoder().decode(fact.body).includes(wanted);
      return isMissing ? `without "${wanted}"` : undefined;
    });
    const good = hosts.length - bad.length;
    const least = p.least ?? hosts.length;
    const message = `${p.url} answers well for ${good} of ${hosts.length} hosts, needs ${least}${text}`;
    const passes = hosts.length > 0 && good >= least;
    return { verdict: passes ? 'pass' : 'refuse', message, numbers: { hosts: hosts.length, good, least } };
  },
  patience: (p) => p.patience,
});
