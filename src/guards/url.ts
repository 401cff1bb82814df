import { z } from 'zod';
import { http } from '../host/ask.ts';
import { factOf } from '../host/facts.ts';
import { defineGuard } from '../module/guard.ts';
import { bool, filledText, int, listOrOne, optional, path, required, withDefault } from '../module/params.ts';

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
  verdict: (p, { cluster, looks }) => {
    const hosts = cluster.match(p.from);
    const bad = hosts.flatMap((host) => {
      const look = looks.get(host);
      if (look === undefined) return [`${host}: not asked`];
      if (look.kind === 'unreachable') return [`${host}: ${look.reason}`];
      const fact = factOf(look.facts, query(p));
      if (fact === undefined || fact.status === 0)
        return [`${host}: no answer${fact?.error === undefined ? '' : ` (${fact.error})`}`];
      if (!p.status.includes(fact.status)) return [`${host}: ${fact.status}`];
      const text = p.contains;
      return text !== undefined && !new TextDecoder().decode(fact.body).includes(text)
        ? [`${host}: without "${text}"`]
        : [];
    });
    const good = hosts.length - bad.length;
    const least = p.least ?? hosts.length;
    const message = `${p.url} answers well for ${good} of ${hosts.length} hosts, needs ${least}${bad.length === 0 ? '' : ` (${bad.join('; ')})`}`;
    const numbers = { hosts: hosts.length, good, least };
    const passes = hosts.length > 0 && good >= least;
    return { verdict: passes ? 'pass' : 'refuse', message, numbers };
  },
  patience: (p) => p.patience,
});
