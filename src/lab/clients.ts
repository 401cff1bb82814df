import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { leaderOf } from './host.ts';
import { inNetworkOf } from './nsenter.ts';
import type { LabIo, LabName } from './options.ts';
import { labFiles, labPlaces } from './places.ts';
import { problem } from './problem.ts';

const Lost = z.strictObject({
  type: z.literal('lost'),
  /** When it was asked and when it was lost, in milliseconds since the epoch. */
  at: z.int(),
  until: z.int(),
  why: z.string(),
});
const Servers = z.strictObject({
  type: z.literal('servers'),
  at: z.int(),
  /** Those that the balancer has up from here on; none, too, where it does not answer. */
  up: z.array(z.string()),
});
const End = z.strictObject({
  type: z.literal('end'),
  from: z.int(),
  until: z.int(),
  asked: z.int(),
  answered: z.int(),
  /** The longest time in which nothing was answered. */
  longestGapMs: z.int(),
});
const ClientLine = z.discriminatedUnion('type', [Lost, Servers, End]);
export type ClientLine = z.infer<typeof ClientLine>;

/** What one client saw from its start to its end. */
export interface Saw {
  readonly host: string;
  readonly from: number;
  readonly until: number;
  readonly asked: number;
  readonly longestGapMs: number;
  readonly lost: readonly z.infer<typeof Lost>[];
  readonly servers: readonly z.infer<typeof Servers>[];
}

export interface ClientOptions {
  /** Such as `https://127.0.0.1:16443/readyz`, as a host sees it. */
  readonly url: string;
  readonly perSecond: number;
  /** One request of so many speaks TLS, where the servers take others too; every one when left out. */
  readonly tlsEvery?: number;
  /** Where a balancer says which servers it has up: `http://127.0.0.1:16444/hlb-servers`. */
  readonly serversUrl?: string;
}

/** Clients that ask until they are stopped. */
export interface Clients {
  readonly stop: () => Promise<readonly Saw[]>;
}

/**
 * Starts a client in the network of each of these hosts of an nspawn lab, with this machine's Node: hosts have none. Clients
 * go before the other work of the machine, so that they measure the balancers and not how busy it is.
 */
export function startClients(
  lab: Pick<LabName, 'name'>,
  hosts: readonly string[],
  options: ClientOptions,
  io: LabIo,
): Clients {
  const files = labFiles(labPlaces(io.env), lab.name);
  const running = hosts.map((host) => {
    const leader = leaderOf(files, host);
    if (leader === undefined)
      throw problem('lab/host-stopped', `Expected the lab host "${host}" to run, but it does not`);
    return startClient(host, leader, options);
  });
  return { stop: () => Promise.all(running.map((stop) => stop())) };
}

function startClient(host: string, leader: number, options: ClientOptions): () => Promise<Saw> {
  const { url, perSecond, tlsEvery = 1, serversUrl } = options;
  const rates = [String(perSecond), String(tlsEvery)];
  const words = [program(), url, ...rates, ...(serversUrl === undefined ? [] : [serversUrl])];
  const [command, ...args] = inNetworkOf(leader, ['nice', '-n', '-10', process.execPath, ...words]);
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const closed = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
  return async () => {
    child.stdin.end();
    await closed;
    return sawOf(host, text);
  };
}

function sawOf(host: string, text: string): Saw {
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ClientLine.parse(JSON.parse(line)));
  const end = lines.find((line) => line.type === 'end');
  if (end === undefined) throw problem('lab/command-failed', `The client on "${host}" ended before its time`);
  const { from, until, asked, longestGapMs } = end;
  return {
    host,
    from,
    until,
    asked,
    longestGapMs,
    lost: lines.filter((line) => line.type === 'lost'),
    servers: lines.filter((line) => line.type === 'servers'),
  };
}

/** The compiled client: beside this file when that is compiled itself, otherwise in dist. */
function program(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const path = [join(here, 'steady-client.js'), join(here, '../../dist/lab/steady-client.js')].find(existsSync);
  if (path === undefined)
    throw problem('lab/not-built', 'Expected the compiled client of the lab', 'Run "npm run build" first');
  return path;
}
