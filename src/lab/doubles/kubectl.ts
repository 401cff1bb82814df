import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { type ApiClient, ApiError, apiClient, ConnectionError } from './api-client.ts';
import { FlagError, isOn, option, type Parsed, parseFlags } from './flags.ts';
import { klogHead, parseDuration } from './go-time.ts';
import { at, type Json, listAt, textAt, toJson } from './json.ts';
import { readKubeconfig } from './kubeconfig.ts';
import { nodeTable, plainTable, podTable } from './kubectl-tables.ts';
import { shownVersion } from './name.ts';
import { Exit, print, printJson, program, warn, write } from './program.ts';
import { scaled } from './timing.ts';

const table = {
  values: [
    'kubeconfig',
    'server',
    'namespace',
    'output',
    'request-timeout',
    'raw',
    'timeout',
    'for',
    'filename',
    'selector',
    'grace-period',
    'pod-selector',
    'field-selector',
    'v',
  ],
  switches: [
    'all-namespaces',
    'ignore-daemonsets',
    'delete-emptydir-data',
    'force',
    'disable-eviction',
    'no-headers',
    'client',
    'ignore-not-found',
    'wait',
    'overwrite',
    'help',
    'show-labels',
  ],
  short: { n: 'namespace', o: 'output', A: 'all-namespaces', l: 'selector', f: 'filename', s: 'server', h: 'help' },
};

const aliases: Readonly<Record<string, string>> = {
  node: 'nodes',
  no: 'nodes',
  pod: 'pods',
  po: 'pods',
  cm: 'configmaps',
  configmap: 'configmaps',
  secret: 'secrets',
  lease: 'leases',
  csr: 'certificatesigningrequests',
};
const groups: Readonly<Record<string, string>> = {
  leases: 'apis/coordination.k8s.io/v1',
  certificatesigningrequests: 'apis/certificates.k8s.io/v1',
  clusterrolebindings: 'apis/rbac.authorization.k8s.io/v1',
};
const clusterWide = ['nodes', 'certificatesigningrequests', 'clusterrolebindings'];

function pathOf(kind: string, flags: Parsed, name = ''): string {
  const root = `/${groups[kind] ?? 'api/v1'}`;
  const isScoped = !clusterWide.includes(kind) && !isOn(flags, 'all-namespaces');
  const scope = isScoped ? `/namespaces/${option(flags, 'namespace') ?? 'default'}` : '';
  return `${root}${scope}/${kind}${name === '' ? '' : `/${name}`}`;
}

function client(flags: Parsed): ApiClient {
  const given = option(flags, 'kubeconfig') ?? process.env['KUBECONFIG'];
  const path = given ?? join(process.env['HOME'] ?? '/root', '.kube/config');
  const nobody = {
    server: 'https://localhost:8080',
    ca: undefined,
    certificate: undefined,
    key: undefined,
    token: undefined,
  };
  if (!existsSync(path) && option(flags, 'kubeconfig') !== undefined)
    throw new Exit(1, `error: stat ${path}: no such file or directory`);
  const config = existsSync(path) ? readKubeconfig(readFileSync(path, 'utf8')) : nobody;
  const server = option(flags, 'server') ?? config.server;
  return apiClient({ ...config, server }, parseDuration(option(flags, 'request-timeout')) ?? scaled(32_000));
}

/** How kubectl puts what went wrong; the real one has tried five times by then. */
function explain(error: unknown, api: ApiClient): Exit {
  if (error instanceof ApiError) {
    const reason = error.reason === '' ? 'Unknown' : error.reason;
    if (reason === 'Unauthorized') return new Exit(1, 'error: You must be logged in to the server (Unauthorized)');
    return new Exit(1, `Error from server (${reason}): ${error.message}`);
  }
  if (!(error instanceof ConnectionError)) throw error;
  const line = `"Unhandled Error" err=${JSON.stringify(`couldn't get current server API group list: Get "${api.server}/api?timeout=32s": ${error.message}`)}`;
  for (let tries = 0; tries < 5; tries++) warn(`${klogHead('E', 'memcache.go:265')}${line}`);
  if (error.kind === 'refused') {
    return new Exit(
      1,
      `The connection to the server ${api.server.replace(/^https?:\/\//, '')} was refused - did you specify the right host or port?`,
    );
  }
  return new Exit(1, `Unable to connect to the server: ${error.message}`);
}

/** An answer cut off at once is asked for again: about ten seconds pass before the real one gives up. */
async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const isPassing = error instanceof ConnectionError && error.kind === 'eof' && tries < 5;
      if (!isPassing) throw error;
      await sleep(scaled(2500));
    }
  }
}

function words(rest: readonly string[]): { readonly kind: string; readonly names: readonly string[] } {
  const [first = '', ...names] = rest;
  const [kind = '', name] = first.split('/');
  return { kind: aliases[kind] ?? kind, names: name === undefined ? names : [name, ...names] };
}

function matchesSelector(object: Json, selector: string | undefined): boolean {
  return (selector ?? '')
    .split(',')
    .filter((part) => part !== '')
    .every((part) => {
      const [key = '', value] = part.split(/==?/);
      const found = textAt(object, 'metadata', 'labels', key);
      return value === undefined ? found !== undefined : found === value;
    });
}

/** `{.a.b[0].c}` and `{.items[*].a}`: as much of JSONPath as scripts here use. */
function jsonPath(template: string, value: Json): string {
  return template.replace(/\{([^}]*)\}/g, (_, path: string) => {
    let found: readonly Json[] = [value];
    for (const step of path.match(/[^.[\]]+/g) ?? []) {
      found = found.flatMap((one) => (step === '*' ? listAt(one) : (at(one, step.replaceAll("'", '')) ?? [])));
    }
    return found.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(' ');
  });
}

function showList(kind: string, items: readonly Json[], flags: Parsed): void {
  const output = option(flags, 'output') ?? '';
  if (items.length === 0 && output === '')
    return warn(
      kind === 'nodes'
        ? 'No resources found'
        : `No resources found in ${option(flags, 'namespace') ?? 'default'} namespace.`,
    );
  if (output === 'name') {
    for (const one of items) print(`${kind.replace(/s$/, '')}/${textAt(one, 'metadata', 'name') ?? ''}`);
  } else if (kind === 'nodes') write('stdout', nodeTable(items, output === 'wide', isOn(flags, 'no-headers')));
  else if (kind === 'pods') write('stdout', podTable(items, output === 'wide', isOn(flags, 'no-headers')));
  else write('stdout', plainTable(items, isOn(flags, 'no-headers')));
}

function showObject(value: Json, output: string): boolean {
  if (output === 'json') printJson(value, 4);
  else if (output === 'yaml') write('stdout', stringify(value));
  else if (output.startsWith('jsonpath=')) write('stdout', jsonPath(output.slice('jsonpath='.length), value));
  else return false;
  return true;
}

async function get(api: ApiClient, flags: Parsed): Promise<void> {
  const raw = option(flags, 'raw');
  if (raw !== undefined) {
    const answer = await api.raw('GET', raw);
    if (answer.code < 400) return write('stdout', answer.text);
    const message = answer.text.startsWith('{')
      ? (textAt(toJson(JSON.parse(answer.text)), 'message') ?? '')
      : `an error on the server (${JSON.stringify(answer.text.trimEnd())}) has prevented the request from succeeding`;
    throw new ApiError(
      answer.code,
      answer.code === 404 ? 'NotFound' : answer.code === 403 ? 'Forbidden' : 'InternalError',
      message,
    );
  }
  const { kind, names } = words(flags.rest.slice(1));
  const output = option(flags, 'output') ?? '';
  if (names.length > 0) {
    const found = await Promise.all(names.map((name) => api.get(pathOf(kind, flags, name))));
    const value: Json =
      found.length === 1
        ? (found[0] ?? null)
        : { apiVersion: 'v1', items: found, kind: 'List', metadata: { resourceVersion: '' } };
    if (!showObject(value, output)) showList(kind, found, flags);
    return;
  }
  const items = listAt(await api.get(pathOf(kind, flags)), 'items').filter((one) =>
    matchesSelector(one, option(flags, 'selector')),
  );
  if (!showObject({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }, output))
    showList(kind, items, flags);
}

async function setSchedulable(api: ApiClient, name: string, isSchedulable: boolean): Promise<void> {
  const path = `/api/v1/nodes/${name}`;
  const isCordoned = at(await api.get(path), 'spec', 'unschedulable') === true;
  const done = isSchedulable ? 'uncordoned' : 'cordoned';
  if (isCordoned === !isSchedulable) return print(`node/${name} already ${done}`);
  await api.send('PATCH', path, { spec: { unschedulable: isSchedulable ? null : true } });
  print(`node/${name} ${done}`);
}

/** Static pods stay: there is nothing else to evict in a lab. */
async function drain(api: ApiClient, name: string): Promise<void> {
  await setSchedulable(api, name, false);
  print(`node/${name} drained`);
}

async function remove(api: ApiClient, flags: Parsed): Promise<void> {
  const { kind, names } = words(flags.rest.slice(1));
  for (const name of names) {
    try {
      await api.send('DELETE', pathOf(kind, flags, name));
      print(
        `${kind.replace(/s$/, '')} "${name}" deleted${clusterWide.includes(kind) ? '' : ` from ${option(flags, 'namespace') ?? 'default'} namespace`}`,
      );
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 404 || !isOn(flags, 'ignore-not-found')) throw error;
    }
  }
}

/** Labels and taints: `key=value`, `key-` to remove. */
async function change(api: ApiClient, flags: Parsed, what: 'label' | 'annotate'): Promise<void> {
  const { kind, names } = words(flags.rest.slice(1));
  const [name = '', ...pairs] = names;
  const field = what === 'label' ? 'labels' : 'annotations';
  const values = Object.fromEntries(
    pairs.map((pair): [string, Json] =>
      pair.endsWith('-') ? [pair.slice(0, -1), null] : [pair.split('=')[0] ?? '', pair.split(/=(.*)/s)[1] ?? ''],
    ),
  );
  await api.send('PATCH', pathOf(kind, flags, name), { metadata: { [field]: values } });
  print(`${kind.replace(/s$/, '')}/${name} ${what === 'label' ? 'labeled' : 'annotated'}`);
}

async function waitFor(api: ApiClient, flags: Parsed): Promise<void> {
  const { kind, names } = words(flags.rest.slice(1));
  const wanted = /condition=(\w+)/.exec(option(flags, 'for') ?? '')?.[1] ?? 'Ready';
  const deadline = Date.now() + (parseDuration(option(flags, 'timeout')) ?? 30_000);
  for (const name of names) {
    for (;;) {
      const conditions = listAt(await api.get(pathOf(kind, flags, name)), 'status', 'conditions');
      if (conditions.some((one) => textAt(one, 'type') === wanted && textAt(one, 'status') === 'True')) break;
      if (Date.now() > deadline) throw new Exit(1, `error: timed out waiting for the condition on ${kind}/${name}`);
      await sleep(500);
    }
    print(`${kind.replace(/s$/, '')}/${name} condition met`);
  }
}

/** Creates or changes what a file describes. */
async function apply(api: ApiClient, flags: Parsed): Promise<void> {
  const file = option(flags, 'filename') ?? '-';
  const object = toJson(parse(readFileSync(file === '-' ? '/dev/stdin' : file, 'utf8')));
  const name = textAt(object, 'metadata', 'name') ?? '';
  const kind = `${(textAt(object, 'kind') ?? '').toLowerCase()}s`;
  const scoped = {
    ...flags,
    options: {
      ...flags.options,
      namespace: [textAt(object, 'metadata', 'namespace') ?? option(flags, 'namespace') ?? 'default'],
    },
  };
  const isThere = (await api.find(pathOf(kind, scoped, name))) !== undefined;
  if (isThere) await api.send('PATCH', pathOf(kind, scoped, name), object);
  else await api.send('POST', pathOf(kind, scoped), object);
  print(`${kind.replace(/s$/, '')}/${name} ${isThere ? 'configured' : 'created'}`);
}

async function version(api: ApiClient, flags: Parsed): Promise<void> {
  const client = { gitVersion: shownVersion(), gitTreeState: 'hlb test double' };
  const server = isOn(flags, 'client') ? undefined : toJson(JSON.parse((await api.raw('GET', '/version')).text));
  if (option(flags, 'output') === 'json')
    return printJson({ clientVersion: client, ...(server === undefined ? {} : { serverVersion: server }) });
  print(`Client Version: ${client.gitVersion}\nKustomize Version: none (hlb test double)`);
  if (server !== undefined) print(`Server Version: ${textAt(server, 'gitVersion') ?? ''}`);
}

async function run(api: ApiClient, flags: Parsed): Promise<void> {
  const [command = '', name = ''] = flags.rest;
  switch (command) {
    case 'get':
      return get(api, flags);
    case 'cordon':
    case 'uncordon':
      return setSchedulable(api, name.replace(/^nodes?\//, ''), command === 'uncordon');
    case 'drain':
      return drain(api, name.replace(/^nodes?\//, ''));
    case 'delete':
      return remove(api, flags);
    case 'label':
    case 'annotate':
      return change(api, flags, command);
    case 'wait':
      return waitFor(api, flags);
    case 'apply':
      return apply(api, flags);
    case 'version':
      return version(api, flags);
    default:
      throw new Exit(1, `error: unknown command "${command}" for "kubectl"`);
  }
}

program('kubectl', async (argv) => {
  let flags: Parsed;
  try {
    flags = parseFlags(argv, table);
  } catch (error) {
    if (error instanceof FlagError) throw new Exit(1, `error: ${error.message}\nSee 'kubectl --help' for usage.`);
    throw error;
  }
  const api = client(flags);
  try {
    await withRetries(() => run(api, flags));
  } catch (error) {
    throw error instanceof Exit ? error : explain(error, api);
  }
});
