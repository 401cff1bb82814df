import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Location } from '../../core/source.ts';
import type { ClusterProblem } from '../../ha/cluster-variables.ts';
import { hostLayers } from '../../inventory/layers.ts';
import type { Inventory } from '../../inventory/model.ts';

/** What is wrong with the variables of a cluster, at the place of the inventory that says so. */
export function clusterDiagnostics(problems: readonly ClusterProblem[], inventory: Inventory): readonly Diagnostic[] {
  return problems.map(({ code, message, help, host, variable }): Diagnostic => {
    const at = host === undefined || variable === undefined ? undefined : placeOf(host, variable, inventory);
    return { code, severity: 'error', message, help, ...(at === undefined ? {} : { at }) };
  });
}

function placeOf(host: string, variable: string, inventory: Inventory): Location | undefined {
  return hostLayers(inventory, host)
    .findLast((layer) => layer.has(variable))
    ?.get(variable)?.term.at;
}
