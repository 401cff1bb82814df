import { z } from 'zod';
import { configHash, parseVersion, renderConfig } from '../ha/config.ts';
import { configName } from '../ha/layout.ts';
import { listenersIn, listenersOf } from '../ha/listeners.ts';
import { containers } from '../host/ask.ts';
import { defineModule, type Plan, type Seen } from '../module/define.ts';
import { plan, refuse } from '../module/plan.ts';
import { type Params, params } from './balancer/params.ts';
import {
  configOf,
  configQuery,
  examine,
  firstFiles,
  onHost,
  prepareMigration,
  queries,
  reloadWarnings,
  type Running,
  runningOf,
  singleFile,
  trial,
  servedQuery,
  update,
  versionProblem,
  versionQuery,
} from './balancer/protocol.ts';
import { configPath, foreignProblem, serversOf } from './balancer/servers.ts';

/** The text that lies on the host now. */
function currentText(p: Params, seen: Seen): string | undefined {
  const fact = seen(configQuery(p));
  return fact.exists && fact.content !== undefined ? new TextDecoder().decode(fact.content) : undefined;
}

/** The parameters with the servers that the next configuration has. */
function settled(p: Params, seen: Seen): Params {
  const found = serversOf(p, seen, currentText(p, seen));
  return found.kind === 'servers' ? { ...p, servers: [...found.servers] } : p;
}

function planFor(p: Params, seen: Seen, running: Running): Plan {
  const current = currentText(p, seen);
  const same = current === renderConfig(configOf(p));
  const single = singleFile(p, seen);
  if (single !== undefined) {
    if (!p.migrate) {
      return refuse(
        `Pod "${p.pod}" mounts the single file "${single}", so it never sees a change of its configuration`,
        {
          help: 'Run playbooks/migrate-balancers.yml: node by node, the manifest is replaced by one that mounts the directory, and the node is without its balancer for some seconds',
        },
      );
    }
    if (same) return plan([], { why: 'the configuration waits for the manifest that mounts it' });
    return plan(prepareMigration(p, running?.container));
  }
  const foreign = foreignProblem(p, current);
  if (running === undefined && seen(servedQuery(p)).status === 200) {
    const what = p.placement === 'static_pod' ? `container "${p.container}" of pod "${p.pod}"` : `unit "${p.unit}"`;
    const error = p.placement === 'static_pod' ? seen(containers(p.pod)).error : undefined;
    return refuse(
      `A balancer answers on port ${p.health_port}, but the ${what} does not run${error === undefined ? '' : ` as far as crictl knows: ${error}`}`,
      { help: 'Without it the balancer cannot be told to load a configuration; see which process holds the port' },
    );
  }
  if (running === undefined) {
    if (same) return plan([], { why: 'the configuration is as it should be; the balancer does not run' });
    return foreign === undefined ? plan(firstFiles(p)) : refuse(foreign, { help: foreignHelp });
  }
  const problem = versionProblem(parseVersion(seen(versionQuery(running.container)).stdout));
  if (problem !== undefined) return refuse(problem, { help: 'Install a newer haproxy, or use a newer image' });
  if (foreign !== undefined) return refuse(foreign, { help: foreignHelp });
  const served = seen(servedQuery(p));
  const hash = configHash(configOf(p));
  if (same && served.status === 200 && new TextDecoder().decode(served.body).trim() === hash)
    return plan([], { why: 'the balancer serves this configuration' });
  return plan([...examine(p, running.container), ...trial(p, seen), update(p, seen, running.container)], {
    warnings: [...reloadWarnings(p, seen), ...(listensElsewhere(p, seen) ? [elsewhere(p)] : [])],
  });
}

/**
 * Only a listener that stays where it is can be handed over. For another one haproxy closes its own for seconds where it
 * cannot have the new one at once, and a check of the configuration does not see that.
 */
function listensElsewhere(p: Params, seen: Seen): boolean {
  const text = currentText(p, seen);
  const before = (text === undefined ? undefined : listenersIn({ path: configPath(p), text })) ?? [];
  const { api, health } = listenersOf(configOf(p));
  // Where nobody answers on the second port yet, it is free.
  return !before.includes(api) || (!before.includes(health) && seen(servedQuery(p)).status !== 0);
}

const elsewhere = (p: Params): string =>
  `haproxy shall listen on ${listenersOf(configOf(p)).api} and does not yet: nobody hands that over, so the node may be without its balancer for seconds`;

const foreignHelp = 'Mend the file there, or move it away if it is not the balancer of the API';

/** The balancer's configuration on one node, changed without a connection lost and seen to be served; never the pod's manifest. */
export default defineModule({
  name: 'haproxy_config',
  summary: "Writes the configuration of a node's API balancer and has it loaded without losing a connection",
  examples: [
    'haproxy_config:\n  servers:\n    - {name: cp1, address: 192.0.2.11}\n    - {name: cp2, address: 192.0.2.12}\n    - {name: cp3, address: 192.0.2.13}',
    'haproxy_config:\n  placement: service\n  servers: "{{ backends }}"\n  min_up: 2',
  ],
  params,
  returns: z.object({
    path: z.string().meta({ description: 'Path of the configuration on the host' }),
    hash: z.string().meta({ description: 'What /hlb-config answers once it is loaded' }),
    servers: z.array(z.string()).meta({ description: 'Names of the servers' }),
  }),
  convergence: () => 'converges',
  observe: (p, seen) => queries(p, seen),
  plan: (p, seen) => {
    const found = serversOf(p, seen, currentText(p, seen));
    if (found.kind === 'unknown') {
      return refuse(found.reason, {
        help: 'Repair the balancer of this node first, or give the whole list in "servers"',
      });
    }
    return planFor(settled(p, seen), seen, runningOf(p, seen));
  },
  result: (p, seen) => {
    const own = settled(p, seen);
    return {
      path: onHost(p, configName),
      hash: configHash(configOf(own)),
      servers: own.servers.map((one) => one.name),
    };
  },
  // A reload hands the listener over: it takes nothing away, and leaves the node with this list.
  disrupts: (p, made, seen) =>
    made.kind === 'plan' && made.changes.some(({ kind }) => kind === 'transaction') && listensElsewhere(p, seen)
      ? ['balancer']
      : ['nothing'],
  mayDisrupt: () => ['nothing'],
  lists: (p, seen) => settled(p, seen).servers,
  mayList: (p) => (p === undefined || p.keep_loaded ? 'unknown' : p.servers),
});
