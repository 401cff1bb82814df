import { idsWhere, nodeName } from '../crictl.ts';
import type { ContainersFact, ContainersQuery } from '../observation.ts';
import { quote } from '../quote.ts';
import type { Finished, Part } from './part.ts';
import { asking, lastLine, single, utf8 } from './part.ts';

/** crictl's own JSON, and of what runs the first process, which only `inspect` tells. */
export function observeContainers(query: ContainersQuery): Part {
  const ofPod = query.pod === undefined ? [] : ([['labels/io.kubernetes.pod.name', quote(query.pod)]] as const);
  const running = idsWhere([['state', 'CONTAINER_RUNNING'], ...ofPod]);
  const script = `p=$(crictl pods -o json) && c=$(crictl ps -a -o json) || exit
printf '%s\\0' "$p" "$c" "${nodeName}"
i=$(printf '%s\\n' "$c" | ${running})
[ ! "$i" ] || crictl inspect -o json $i`;
  return single(query, asking(script, 60_000), (done) => ({ observation: query, fact: read(query, done) }));
}

function read(query: ContainersQuery, done: Finished): ContainersFact {
  const [pods = '', containers, node = '', inspected = ''] = utf8(done.stdout).split('\0');
  if (containers === undefined) {
    const why = done.code === 127 ? 'crictl is not installed' : lastLine(done.stderr);
    return { error: why === '' ? `crictl ended with exit code ${done.code}` : why, sandboxes: [], containers: [] };
  }
  const pids = new Map(
    jsonTexts(inspected)
      .flatMap((one) => (Array.isArray(one) ? one : [one]))
      .map((one) => [text(at(one, 'status', 'id')), Number(at(one, 'info', 'pid') ?? 0)] as const),
  );
  const isWanted = (pod: string): boolean =>
    query.pod === undefined || pod === query.pod || pod === `${query.pod}-${node}`;
  return {
    sandboxes: items(pods, 'items')
      .map(sandboxOf)
      .filter((one) => isWanted(one.pod)),
    containers: items(containers, 'containers')
      .map((one) => containerOf(one, pids))
      .filter((one) => isWanted(one.pod)),
  };
}

function sandboxOf(item: unknown): ContainersFact['sandboxes'][number] {
  const configHash = at(item, 'annotations', 'kubernetes.io/config.hash');
  return {
    id: text(at(item, 'id')),
    pod: text(at(item, 'metadata', 'name')),
    namespace: text(at(item, 'metadata', 'namespace')),
    uid: text(at(item, 'metadata', 'uid')),
    ready: at(item, 'state') === 'SANDBOX_READY',
    ...(typeof configHash === 'string' ? { configHash } : {}),
  };
}

const states: Readonly<Record<string, ContainersFact['containers'][number]['state']>> = {
  CONTAINER_RUNNING: 'running',
  CONTAINER_EXITED: 'exited',
  CONTAINER_CREATED: 'created',
};

function containerOf(item: unknown, pids: ReadonlyMap<string, number>): ContainersFact['containers'][number] {
  const id = text(at(item, 'id'));
  return {
    id,
    sandboxId: text(at(item, 'podSandboxId')),
    name: text(at(item, 'metadata', 'name')),
    pod: text(at(item, 'labels', 'io.kubernetes.pod.name')),
    attempt: Number(at(item, 'metadata', 'attempt') ?? 0),
    state: states[text(at(item, 'state'))] ?? 'unknown',
    image: text(at(item, 'image', 'userSpecifiedImage')) || text(at(item, 'image', 'image')),
    pid: pids.get(id) ?? 0,
    // Nanoseconds, beyond what a number holds.
    createdAt: Number(text(at(item, 'createdAt')).slice(0, -6) || 0),
  };
}

function items(json: string, key: string): readonly unknown[] {
  const list = at(parsed(json), key);
  return Array.isArray(list) ? list : [];
}

/** JSON texts one after the other, as crictl prints those of several containers. */
function jsonTexts(text: string): readonly unknown[] {
  const whole = parsed(text);
  if (whole !== undefined) return [whole];
  return text.split(/^(?=\{)/m).map(parsed);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = new Map(Object.entries(current)).get(key);
  }
  return current;
}

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
