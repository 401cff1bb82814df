import { createRedactor } from '../../core/redact.ts';
import { type ClusterSight, clusterSight } from '../../engine/cluster-sight.ts';
import { observedCluster } from '../../guards/cluster/observed.ts';
import { type ClusterStatus, clusterStatus } from '../../ha/cluster-status.ts';
import { clusterOf } from '../../ha/cluster-variables.ts';
import { loadPlaybooks } from '../../playbook/load.ts';
import { type Input, loadInput } from '../load.ts';
import { clusterDiagnostics } from '../looking/cluster-diagnostics.ts';
import { looking } from '../looking/looking.ts';
import { problem } from '../problem.ts';
import type { System } from '../system.ts';
import type { StatusOptions } from './options.ts';
import { show } from './show.ts';

/** A play that has nothing to do: what it sees of hosts and variables is what every play sees. */
const path = 'hlb status';
const play = `- hosts: all
  gather_facts: false
  rolling: {guard: [api_backends, etcd_quorum]}
  tasks: [ping:]
`;

/** `hlb status`: one look, or one after the other; nothing is changed. */
export async function status(options: StatusOptions, system: System): Promise<number> {
  const redactor = createRedactor();
  const input = withPlay(await loadInput([], options, system, redactor));
  return looking({ input, diagnostics: [], options, system, redactor }, async ({ run, signal, refuse }) => {
    const [first] = input.playbooks.flatMap((playbook) => playbook.plays);
    if (first === undefined) throw new Error('The play of hlb status was not read');
    const sight = await clusterSight(run, first);
    if (!sight.ok) return refuse([problem('cli/nothing-to-ask', sight.error.message)]);
    const described = clusterOf(sight.value.cluster.hosts);
    if (!described.ok) return refuse(clusterDiagnostics(described.problems, input.inventory));
    return show(() => lookNow(sight.value, options.min), { options, system, redactor, signal });
  });
}

async function lookNow({ cluster, look }: ClusterSight, least: number): Promise<ClusterStatus> {
  const observed = observedCluster(cluster, await look());
  if (!observed.ok) throw new Error(observed.error);
  return clusterStatus({ ...observed.value, least });
}

function withPlay(input: Input): Input {
  const { readFile } = input.loadOptions;
  const { playbooks, diagnostics } = loadPlaybooks([path], {
    ...input.loadOptions,
    readFile: (name) => (name === path ? play : readFile(name)),
  });
  return { ...input, playbooks, diagnostics: [...input.diagnostics, ...diagnostics] };
}
