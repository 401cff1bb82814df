import { at, type Json, listAt, objectAt, textAt } from './json.ts';
import { drawTable } from './table.ts';

/** Kubernetes' short ages: `33s`, `5m13s`, `40m`, `3h5m`, `2d`. */
export function age(since: string | undefined): string {
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(since ?? '')) / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}

const name = (object: Json): string => textAt(object, 'metadata', 'name') ?? '';
const created = (object: Json): string => age(textAt(object, 'metadata', 'creationTimestamp'));

function draw(head: readonly string[], rows: readonly (readonly string[])[], isBare: boolean): string {
  return drawTable(isBare ? rows : [head, ...rows], 0, 3);
}

function nodeState(node: Json): string {
  const ready = listAt(node, 'status', 'conditions').find((one) => textAt(one, 'type') === 'Ready');
  const state = textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
  return at(node, 'spec', 'unschedulable') === true ? `${state},SchedulingDisabled` : state;
}

function roles(node: Json): string {
  const found = Object.keys(objectAt(node, 'metadata', 'labels')).flatMap(
    (label) => /^node-role\.kubernetes\.io\/(.+)$/.exec(label)?.[1] ?? [],
  );
  return found.length === 0 ? '<none>' : found.sort().join(',');
}

const byName = (a: Json, b: Json): number => (name(a) < name(b) ? -1 : 1);

export function nodeTable(nodes: readonly Json[], isWide: boolean, isBare: boolean): string {
  const head = ['NAME', 'STATUS', 'ROLES', 'AGE', 'VERSION'];
  const wide = ['INTERNAL-IP', 'EXTERNAL-IP', 'OS-IMAGE', 'KERNEL-VERSION', 'CONTAINER-RUNTIME'];
  const rows = [...nodes].sort(byName).map((node) => {
    const address = listAt(node, 'status', 'addresses').find((one) => textAt(one, 'type') === 'InternalIP');
    const info = (field: string): string => textAt(node, 'status', 'nodeInfo', field) ?? '';
    const cells = [name(node), nodeState(node), roles(node), created(node), info('kubeletVersion')];
    const more = [
      textAt(address, 'address') ?? '<none>',
      '<none>',
      info('osImage'),
      info('kernelVersion'),
      info('containerRuntimeVersion'),
    ];
    return isWide ? [...cells, ...more] : cells;
  });
  return draw(isWide ? [...head, ...wide] : head, rows, isBare);
}

export function podTable(pods: readonly Json[], isWide: boolean, isBare: boolean): string {
  const head = ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE'];
  const wide = ['IP', 'NODE', 'NOMINATED NODE', 'READINESS GATES'];
  const rows = [...pods].sort(byName).map((pod) => {
    const containers = listAt(pod, 'status', 'containerStatuses');
    const ready = containers.filter((one) => at(one, 'ready') === true).length;
    const waiting = containers.flatMap((one) => textAt(one, 'state', 'waiting', 'reason') ?? [])[0];
    const restarts = containers.map((one) => Number(at(one, 'restartCount') ?? 0)).reduce((sum, one) => sum + one, 0);
    const total = containers.length === 0 ? listAt(pod, 'spec', 'containers').length : containers.length;
    const cells = [
      name(pod),
      `${ready}/${total}`,
      waiting ?? textAt(pod, 'status', 'phase') ?? '',
      String(restarts),
      created(pod),
    ];
    const more = [
      textAt(pod, 'status', 'podIP') ?? '<none>',
      textAt(pod, 'spec', 'nodeName') ?? '<none>',
      '<none>',
      '<none>',
    ];
    return isWide ? [...cells, ...more] : cells;
  });
  return draw(isWide ? [...head, ...wide] : head, rows, isBare);
}

/** For kinds that have no columns of their own here. */
export function plainTable(objects: readonly Json[], isBare: boolean): string {
  return draw(
    ['NAME', 'AGE'],
    [...objects].sort(byName).map((one) => [name(one), created(one)]),
    isBare,
  );
}
