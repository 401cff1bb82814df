import { z } from 'zod';
import { type Json, type JsonObject } from '../core/value.ts';
import { type BalancerPlace, defaultPlace } from './balancer-place.ts';
import type { Cluster } from './cluster.ts';
import type { Server } from './config.ts';

/** What the variables of one host say; evaluated, and undefined where nothing defines them. */
export interface HostVariables {
  readonly name: string;
  readonly groups: readonly string[];
  readonly get: (variable: string) => Json | undefined;
}

/** What is wrong with the variables of a host, or of the cluster as a whole. */
export interface ClusterProblem {
  readonly code: 'ha/no-control-plane' | 'ha/variable';
  readonly message: string;
  readonly host?: string;
  readonly variable?: string;
  readonly help: string;
}

const port = z.coerce.number().int().min(1).max(65535);
const text = z.string().min(1);
const placements = ['static_pod', 'service', 'external', 'kube_vip'] as const;

/**
 * The variables that say where the API and its balancers are, with the defaults of the role "cluster" (a test holds both
 * together). What a play or an inventory computes in another way, `lb_servers` and `runs_balancer`, counts more.
 */
const schema = z.object({
  lb_placement: z.enum(placements).default('static_pod'),
  lb_port: port.default(defaultPlace.port),
  lb_health_port: port.default(defaultPlace.healthPort),
  api_port: port.default(6443),
  node_address: text.optional(),
  ansible_host: text.optional(),
  vip_address: z.string().default(''),
  runs_balancer: z.boolean().optional(),
  lb_servers: z.array(z.object({ name: text, address: text, port: port.default(6443) })).optional(),
});
type Settings = z.output<typeof schema>;

/** The groups that the playbooks of hlb know. */
export const clusterGroups = { controlPlane: 'control_plane', workers: 'workers', balancers: 'balancers' } as const;

/** The names of all variables that are read. */
export const clusterVariables: readonly string[] = Object.keys(schema.shape);

/** The cluster that variables describe, or everything that is wrong with them. */
export function clusterOf(
  hosts: readonly HostVariables[],
):
  | { readonly ok: true; readonly cluster: Cluster }
  | { readonly ok: false; readonly problems: readonly ClusterProblem[] } {
  const names: readonly string[] = Object.values(clusterGroups);
  const own = hosts.filter((host) => host.groups.some((group) => names.includes(group)));
  const controlPlanes = own.filter((host) => host.groups.includes(clusterGroups.controlPlane));
  const problems: ClusterProblem[] = [];
  if (controlPlanes.length === 0) {
    problems.push({
      code: 'ha/no-control-plane',
      message: `The inventory has no host in the group "${clusterGroups.controlPlane}"`,
      help: `Put the control planes into the group "${clusterGroups.controlPlane}", the other nodes into "${clusterGroups.workers}"`,
    });
  }
  const settings = new Map<HostVariables, Settings>();
  for (const host of own) {
    const read = settingsOf(host);
    if ('problems' in read) problems.push(...read.problems);
    else settings.set(host, read.settings);
  }
  const vip = vipOf(controlPlanes, settings, problems);
  if (problems.length > 0) return { ok: false, problems };
  const balancers = [...settings].flatMap(([host, setting]): readonly (readonly [string, BalancerPlace])[] => {
    const place = placeOf(host, setting);
    return place === undefined ? [] : [[host.name, place]];
  });
  return {
    ok: true,
    cluster: {
      apiServers: apiServersOf(controlPlanes, settings),
      balancers: new Map(balancers),
      vip,
      hosts: own.map((host) => host.name),
    },
  };
}

function settingsOf(
  host: HostVariables,
): { readonly settings: Settings } | { readonly problems: readonly ClusterProblem[] } {
  const given: JsonObject = Object.fromEntries(
    clusterVariables.flatMap((name) => {
      const value = host.get(name);
      return value === undefined || value === null ? [] : [[name, value]];
    }),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return { settings: parsed.data };
  const problems = parsed.error.issues.map((issue): ClusterProblem => {
    const variable = String(issue.path[0]);
    const found = JSON.stringify(given[variable]);
    return {
      code: 'ha/variable',
      message: `"${variable}" of host "${host.name}": ${issue.message}, found ${found}`,
      host: host.name,
      variable,
      help: 'inventory/example.yml shows what these variables may be',
    };
  });
  return { problems };
}

function placeOf({ groups }: HostVariables, setting: Settings): BalancerPlace | undefined {
  const { lb_placement: placement, lb_port, lb_health_port, runs_balancer } = setting;
  if (placement === 'kube_vip') return undefined;
  const isBalancer = groups.includes(clusterGroups.balancers);
  const runs = runs_balancer ?? (placement === 'external' ? isBalancer : !isBalancer);
  return runs ? { ...defaultPlace, placement, port: lb_port, healthPort: lb_health_port } : undefined;
}

function apiServersOf(
  controlPlanes: readonly HostVariables[],
  settings: ReadonlyMap<HostVariables, Settings>,
): readonly Server[] {
  const [first] = controlPlanes;
  const listed = first === undefined ? undefined : settings.get(first)?.lb_servers;
  if (listed !== undefined) return listed;
  return controlPlanes.flatMap((host) => {
    const setting = settings.get(host);
    if (setting === undefined) return [];
    return [
      { name: host.name, address: setting.node_address ?? setting.ansible_host ?? host.name, port: setting.api_port },
    ];
  });
}

function vipOf(
  controlPlanes: readonly HostVariables[],
  settings: ReadonlyMap<HostVariables, Settings>,
  problems: ClusterProblem[],
): string | undefined {
  for (const host of controlPlanes) {
    const setting = settings.get(host);
    if (setting?.lb_placement !== 'kube_vip') continue;
    if (setting.vip_address !== '') return setting.vip_address;
    problems.push({
      code: 'ha/variable',
      message: `"lb_placement" is "kube_vip" on host "${host.name}", and "vip_address" is not set`,
      host: host.name,
      variable: 'vip_address',
      help: 'Set "vip_address" to the address that the control planes share',
    });
    return undefined;
  }
  return undefined;
}
