import { z } from 'zod';
import { bool, choice, filledText, float, int, optional, path, required, withDefault } from '../../module/params.ts';

const server = z.strictObject({
  name: filledText().refine((name) => /^[A-Za-z0-9_.-]+$/.test(name), {
    error: 'Expected letters, digits, "_", "." and "-"',
  }),
  address: filledText(),
  port: int({ min: 1, max: 65535 }).default(6443),
});

/** What the module takes. */
export const params = z
  .strictObject({
    placement: withDefault(
      choice(['static_pod', 'service', 'external']),
      'static_pod',
      'How the balancer runs on this host',
    ),
    servers: required(
      z
        .array(server)
        .min(1, { error: 'A balancer without a server leaves its node without an API: name at least one' }),
      'Every API server of the cluster: name, address, port',
    ),
    keep_loaded: withDefault(
      bool(),
      false,
      'Keep the servers that the balancer lists now and "servers" does not: the first half of a change of the list, on every node before any loses one',
    ),
    bind: withDefault(filledText(), '127.0.0.1', 'Address that clients connect to'),
    port: withDefault(int({ min: 1, max: 65535 }), 16443, 'Port that clients connect to'),
    health_port: withDefault(int({ min: 1, max: 65535 }), 16444, 'Port of /healthz and /hlb-config on the loopback'),
    max_connections: withDefault(int({ min: 10 }), 2100, 'Connections at once'),
    alive_statuses: withDefault(
      z.array(int()).refine((codes) => !codes.includes(403), {
        error: '403 is what an API server answers that has joined by half: it must not count as alive',
      }),
      [200],
      'Answers to /readyz that mean alive; 401 only where anonymous requests are off',
    ),
    ca_file: optional(
      path(),
      'CA of the API servers, as haproxy sees it; without it their certificates are not verified. They must name kubernetes, as those of kubeadm do',
    ),
    min_up: withDefault(int({ min: 0 }), 1, 'Servers that must be up afterwards; 0 before the first API server lives'),
    pod: withDefault(filledText(), 'haproxy-apiserver-lb', 'Name of the static pod'),
    container: withDefault(filledText(), 'haproxy', 'Name of its container'),
    unit: withDefault(filledText(), 'haproxy-apiserver-lb.service', 'Name of the service'),
    migrate: withDefault(
      bool(),
      false,
      'Write the configuration beside a static pod that mounts it as a single file, for the manifest that comes next; such a pod never sees a change',
    ),
    timeout: withDefault(
      float(),
      30,
      'Seconds until what must be seen afterwards is given up and the old configuration comes back',
    ),
  })
  .superRefine((p, context) => {
    const names = p.servers.map((one) => one.name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined)
      context.addIssue({ code: 'custom', message: `Server "${twice}" is named twice`, path: ['servers'] });
    if (p.min_up > p.servers.length)
      context.addIssue({
        code: 'custom',
        message: `"min_up" is ${p.min_up} and there are ${p.servers.length} servers`,
        path: ['min_up'],
      });
  });
export type Params = z.output<typeof params>;
