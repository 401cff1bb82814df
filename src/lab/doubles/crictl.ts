import { existsSync, readFileSync } from 'node:fs';
import { type Container, type Cri, criClient, type Sandbox } from './cri.ts';
import { containerJson, containerStatusJson, imageJson, sandboxJson, sandboxStatusJson } from './crictl-json.ts';
import { FlagError, isOn, option, type Parsed, parseFlags } from './flags.ts';
import { RpcError, rpcErrorText } from './grpc.ts';
import { at, type Json, toJson } from './json.ts';
import { containerLog } from './log-file.ts';
import { Exit, print, printJson, program, warn, write } from './program.ts';
import { drawTable, humanDuration, humanSize } from './table.ts';

const shortFlags = {
  a: 'all',
  q: 'quiet',
  o: 'output',
  s: 'state',
  p: 'pod',
  l: 'latest',
  n: 'last',
  t: 'timeout',
  f: 'force',
};

function logLine(level: 'error' | 'fatal', message: string): string {
  return `time=${JSON.stringify(new Date().toISOString().replace(/\.\d+Z/, 'Z'))} level=${level} msg=${JSON.stringify(message)}`;
}

const fatal = (message: string): Exit => new Exit(1, logLine('fatal', message));
const shortId = (id: string): string => id.replace(/^sha256:/, '').slice(0, 13);
const ago = (ns: bigint): string => `${humanDuration(Date.now() - Number(ns / 1_000_000n))} ago`;

function matches(parsed: Parsed, name: string, value: string): boolean {
  const wanted = option(parsed, name);
  return wanted === undefined || new RegExp(wanted).test(value);
}

function matchesLabels(parsed: Parsed, labels: Readonly<Record<string, string>>): boolean {
  return (parsed.options['label'] ?? []).every((pair) => {
    const [key = '', value = ''] = pair.split('=');
    return labels[key] === value;
  });
}

/** The containers that `ps` and `inspect` mean: running ones, unless a flag says otherwise; the newest first. */
async function selectContainers(cri: Cri, parsed: Parsed): Promise<readonly Container[]> {
  const state = option(parsed, 'state');
  const last = isOn(parsed, 'latest') ? 1 : Number(option(parsed, 'last') ?? 0);
  const everyState = isOn(parsed, 'all') || last > 0;
  const found = (await cri.containers())
    .filter((one) => {
      if (state !== undefined) return one.state === `CONTAINER_${state.toUpperCase()}`;
      return everyState || one.state === 'CONTAINER_RUNNING';
    })
    .filter((one) => matches(parsed, 'name', one.name))
    .filter((one) => matches(parsed, 'namespace', one.labels['io.kubernetes.pod.namespace'] ?? ''))
    .filter((one) => one.sandboxId.startsWith(option(parsed, 'pod') ?? ''))
    .filter((one) => matchesLabels(parsed, one.labels))
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  return last > 0 ? found.slice(0, last) : found;
}

async function ps(cri: Cri, parsed: Parsed): Promise<void> {
  const found = await selectContainers(cri, parsed);
  if (isOn(parsed, 'quiet')) {
    for (const one of found) print(one.id);
    return;
  }
  if (option(parsed, 'output') === 'json') {
    printJson({ containers: found.map(containerJson) });
    return;
  }
  const head = ['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'];
  const rows = found.map((one) => [
    shortId(one.id),
    shortId(one.imageRef),
    ago(one.createdAt),
    `${one.state.slice(10, 11)}${one.state.slice(11).toLowerCase()}`,
    one.name,
    String(one.attempt),
    shortId(one.sandboxId),
    one.labels['io.kubernetes.pod.name'] ?? '',
    one.labels['io.kubernetes.pod.namespace'] ?? '',
  ]);
  write('stdout', drawTable([head, ...rows], 20, 3));
}

async function pods(cri: Cri, parsed: Parsed): Promise<void> {
  const state = option(parsed, 'state');
  const isWanted = (one: Sandbox): boolean => state === undefined || one.ready === (state.toLowerCase() === 'ready');
  const found = (await cri.sandboxes())
    .filter(isWanted)
    .filter((one) => matches(parsed, 'name', one.name) && matches(parsed, 'namespace', one.namespace))
    .filter((one) => matchesLabels(parsed, one.labels))
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  if (isOn(parsed, 'quiet')) {
    for (const one of found) print(one.id);
    return;
  }
  if (option(parsed, 'output') === 'json') {
    printJson({ items: found.map(sandboxJson) });
    return;
  }
  const head = ['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'];
  const rows = found.map((one) => [
    shortId(one.id),
    ago(one.createdAt),
    one.ready ? 'Ready' : 'NotReady',
    one.name,
    one.namespace,
    String(one.attempt),
    '(default)',
  ]);
  write('stdout', drawTable([head, ...rows], 20, 3));
}

/** `{{.info.pid}}` and text around it; of Go's templates no more than paths. */
function fillTemplate(template: string, value: Json): string {
  return template.replace(/\{\{\s*\.([\w.]*)\s*\}\}/g, (_, path: string) => {
    const found = at(value, ...path.split('.').filter((step) => step !== ''));
    return found === undefined ? '<no value>' : typeof found === 'string' ? found : JSON.stringify(found);
  });
}

function show(parsed: Parsed, value: object): void {
  if (option(parsed, 'output') === 'go-template') print(fillTemplate(option(parsed, 'template') ?? '', toJson(value)));
  else printJson(value);
}

const inspectHelp = (command: string, what: string): string => `NAME:
   crictl ${command} - Display the status of one or more ${what}s

USAGE:
   crictl ${command} [command options] ${what.toUpperCase()}-ID [${what.toUpperCase()}-ID...]
`;

async function inspect(cri: Cri, parsed: Parsed): Promise<void> {
  const ids = parsed.rest.length > 0 ? parsed.rest : (await selectContainers(cri, parsed)).map((one) => one.id);
  if (ids.length === 0) return nothingFound('inspect', 'container');
  for (const id of ids) {
    if (id === '') throw fatal('ID cannot be empty');
    const status = await explained(
      `getting the status of the container ${JSON.stringify(id)}`,
      cri.containerStatus(id),
    );
    show(parsed, containerStatusJson(status));
  }
}

async function inspectPod(cri: Cri, parsed: Parsed): Promise<void> {
  const ids = parsed.rest.length > 0 ? parsed.rest : (await cri.sandboxes()).map((one) => one.id);
  if (ids.length === 0) return nothingFound('inspectp', 'pod');
  for (const id of ids) {
    if (id === '') throw fatal('ID cannot be empty');
    const status = await explained(`getting the pod sandbox status for ${JSON.stringify(id)}`, cri.sandboxStatus(id));
    show(parsed, sandboxStatusJson(status));
  }
}

function nothingFound(command: string, what: string): void {
  warn(logLine('error', 'No IDs provided or nothing found per filter'));
  write('stdout', inspectHelp(command, what));
}

async function explained<T>(doing: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RpcError) throw fatal(`${doing}: ${rpcErrorText(error)}`);
    throw error;
  }
}

async function images(cri: Cri, parsed: Parsed): Promise<void> {
  const wanted = parsed.rest[0];
  const found = (await cri.images()).filter(
    (one) => wanted === undefined || one.tags.some((tag) => tag.includes(wanted)),
  );
  if (isOn(parsed, 'quiet')) {
    for (const one of found) print(one.id);
    return;
  }
  if (option(parsed, 'output') === 'json') {
    printJson({ images: found.map(imageJson) });
    return;
  }
  const rows = found
    .flatMap((one) => one.tags.map((tag) => ({ one, tag })))
    .map(({ one, tag }) => [
      tag.replace(/:[^:/]*$/, ''),
      tag.split(':').at(-1) ?? '',
      shortId(one.id),
      humanSize(Number(one.size)),
    ])
    .sort((a, b) => (a.join() < b.join() ? -1 : 1));
  write('stdout', drawTable([['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'], ...rows], 20, 3));
}

async function inspectImage(cri: Cri, parsed: Parsed): Promise<void> {
  for (const name of parsed.rest) {
    const found = await explained('image status', cri.imageStatus(name));
    if (found === undefined) throw fatal(`no such image ${JSON.stringify(name)} present`);
    show(parsed, { info: JSON.parse(found.info), status: imageJson(found.image) });
  }
}

/** Full ids are printed in messages even where a part of one was given. */
async function fullId(cri: Cri, id: string): Promise<string> {
  const found = (await cri.containers()).find((one) => one.id.startsWith(id));
  if (found !== undefined && id !== '') return found.id;
  throw fatal(
    `container ${JSON.stringify(id)}: rpc error: code = NotFound desc = an error occurred when try to find container ${JSON.stringify(id)}: not found`,
  );
}

async function exec(cri: Cri, parsed: Parsed): Promise<void> {
  const [given, ...argv] = parsed.rest;
  if (given === undefined || given === '') throw fatal('ID cannot be empty');
  const id = await fullId(cri, given);
  try {
    const ran = await cri.exec(id, argv, Number(option(parsed, 'timeout') ?? 0));
    write('stdout', ran.stdout);
    write('stderr', ran.stderr);
    if (ran.exitCode !== 0) {
      throw new Exit(1, `execing command in container ${id}: command terminated with exit code ${ran.exitCode}`);
    }
  } catch (error) {
    if (error instanceof RpcError) {
      const why = `Internal error occurred: error executing command in container: ${error.message}`;
      throw new Exit(1, `execing command in container ${id}: ${why}`);
    }
    throw error;
  }
}

/** For each container that is named, or for all; prints each id when done, as crictl does. */
async function eachContainer(
  cri: Cri,
  parsed: Parsed,
  doing: string,
  work: (id: string) => Promise<void>,
): Promise<void> {
  const ids = isOn(parsed, 'all') ? (await cri.containers()).map((one) => one.id) : parsed.rest;
  if (ids.length === 0) throw new Exit(1, 'you must specify at least one CONTAINER-ID or use --all');
  for (const id of ids) {
    await explained(`${doing} the container ${JSON.stringify(id)}`, work(id));
    print(id);
  }
}

async function eachPod(cri: Cri, parsed: Parsed, doing: string, work: (id: string) => Promise<void>): Promise<void> {
  const ids = isOn(parsed, 'all') ? (await cri.sandboxes()).map((one) => one.id) : parsed.rest;
  for (const id of ids) {
    await explained(`${doing} the pod sandbox ${JSON.stringify(id)}`, work(id));
    print(`${doing === 'stopping' ? 'Stopped' : 'Removed'} sandbox ${id}`);
  }
}

async function logs(cri: Cri, parsed: Parsed): Promise<void> {
  const [id] = parsed.rest;
  if (id === undefined || id === '') throw fatal('ID cannot be empty');
  const status = await explained(`getting the status of the container ${JSON.stringify(id)}`, cri.containerStatus(id));
  const tail = option(parsed, 'tail');
  for (const line of containerLog(status.logPath, tail === undefined ? undefined : Number(tail))) {
    write(line.stream, line.text);
  }
}

async function removeContainer(cri: Cri, parsed: Parsed, id: string): Promise<void> {
  const found = (await cri.containers()).find((one) => one.id.startsWith(id));
  if (found?.state === 'CONTAINER_RUNNING' && !isOn(parsed, 'force')) {
    throw fatal(`container ${JSON.stringify(id)} is running, please stop it first`);
  }
  await cri.removeContainer(id);
}

async function removePod(cri: Cri, parsed: Parsed, id: string): Promise<void> {
  const found = (await cri.sandboxes()).find((one) => one.id.startsWith(id));
  if (found?.ready === true && !isOn(parsed, 'force'))
    throw fatal(`pod sandbox ${JSON.stringify(id)} is running, please stop it first`);
  if (found?.ready === true) await cri.stopSandbox(id);
  await cri.removeSandbox(id);
}

type Command = (cri: Cri, parsed: Parsed) => Promise<void>;

const commands: Readonly<Record<string, Command>> = {
  ps,
  pods,
  inspect,
  inspectp: inspectPod,
  images,
  image: images,
  inspecti: inspectImage,
  exec,
  logs,
  info: async (cri) => {
    const { conditions, info } = await cri.info();
    const words = Object.fromEntries(Object.entries(info).map(([name, text]) => [name, parsedOr(text)]));
    printJson({ ...words, status: { conditions } });
  },
  version: async (cri) => {
    const { name, version } = await cri.version();
    print(`Version:  0.1.0\nRuntimeName:  ${name}\nRuntimeVersion:  ${version}\nRuntimeApiVersion:  v1`);
  },
  stop: (cri, parsed) =>
    eachContainer(cri, parsed, 'stopping', (id) => cri.stopContainer(id, Number(option(parsed, 'timeout') ?? 0))),
  start: (cri, parsed) => eachContainer(cri, parsed, 'starting', cri.startContainer),
  rm: (cri, parsed) => eachContainer(cri, parsed, 'removing', (id) => removeContainer(cri, parsed, id)),
  stopp: (cri, parsed) => eachPod(cri, parsed, 'stopping', cri.stopSandbox),
  rmp: (cri, parsed) => eachPod(cri, parsed, 'removing', (id) => removePod(cri, parsed, id)),
  rmi: async (cri, parsed) => {
    for (const image of parsed.rest) await explained('removing image', cri.removeImage(image));
  },
  pull: async (cri, parsed) => {
    const [image = ''] = parsed.rest;
    if ((await cri.imageStatus(image)) === undefined) {
      throw fatal(`pulling image: failed to pull and unpack image ${JSON.stringify(image)}: the lab has no registry`);
    }
    print(`Image is up to date for ${image}`);
  },
};

function parsedOr(text: string): Json {
  try {
    return toJson(JSON.parse(text));
  } catch {
    return text;
  }
}

/** The runtime's socket: the flag, /etc/crictl.yaml, containerd's own. A whole parser for one line would double the start. */
function socketOf(parsed: Parsed): string | undefined {
  const file = option(parsed, 'config') ?? '/etc/crictl.yaml';
  const line = existsSync(file) ? /^runtime-endpoint:\s*["']?([^"'\s]+)/m.exec(readFileSync(file, 'utf8')) : null;
  const socket = option(parsed, 'runtime-endpoint') ?? process.env['CONTAINER_RUNTIME_ENDPOINT'] ?? line?.[1];
  return socket?.replace(/^unix:\/\//, '');
}

program('crictl', async (argv) => {
  const globals = parseFlags(argv, {
    values: ['config', 'runtime-endpoint', 'image-endpoint', 'timeout'],
    switches: ['debug', 'version', 'help'],
    short: {
      c: 'config',
      r: 'runtime-endpoint',
      i: 'image-endpoint',
      t: 'timeout',
      D: 'debug',
      v: 'version',
      h: 'help',
    },
    stopAtFirst: true,
  });
  const [name = '', ...rest] = globals.rest;
  if (isOn(globals, 'version')) return print('crictl version v1.34.0+hlb-test-double');
  const command = commands[name];
  if (command === undefined) throw fatal(`unknown command ${JSON.stringify(name)}. See 'crictl --help'`);
  let parsed: Parsed;
  try {
    parsed = parseFlags(rest, {
      values: [
        'output',
        'name',
        'namespace',
        'label',
        'state',
        'pod',
        'last',
        'timeout',
        'template',
        'tail',
        'image',
        'since',
      ],
      switches: [
        'all',
        'quiet',
        'latest',
        'force',
        'no-trunc',
        'sync',
        'follow',
        'tty',
        'interactive',
        'timestamps',
        'prune',
      ],
      short: name === 'exec' ? { s: 'sync', i: 'interactive', t: 'tty' } : shortFlags,
      stopAtFirst: true,
    });
  } catch (error) {
    if (error instanceof FlagError) throw new Exit(1, `Incorrect Usage: ${error.message}`);
    throw error;
  }
  const cri = criClient(socketOf(globals));
  try {
    await command(cri, parsed);
  } catch (error) {
    if (error instanceof RpcError) throw fatal(rpcErrorText(error));
    throw error;
  } finally {
    cri.close();
  }
});
