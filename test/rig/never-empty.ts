import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Saw, startClients } from '../../src/lab/clients.ts';
import { type ApiServers, apiServersIn } from './api-servers.ts';
import { until } from './cluster.ts';
import { labFor, labGone, type TestLab } from './lab.ts';
import { type Fault, type Losses, lossesOf, lowestMargin, type LowestMargin, type Run } from './losses.ts';
import { type Roll, roll, type Told } from './roll.ts';

const root = join(import.meta.dirname, '..', '..');

/** The backends of a cluster before and after all of its control planes were replaced. */
export const lists = { old: ['old1', 'old2', 'old3'], new: ['new1', 'new2', 'new3'] } as const;
export type ListName = keyof typeof lists;

/** What was seen while something was done under a client on every node. */
export interface Measured<T> {
  readonly done: T;
  readonly saw: readonly Saw[];
  readonly losses: Losses;
  readonly margin: LowestMargin | undefined;
  readonly numbers: Numbers;
}

export interface Numbers {
  readonly requests: number;
  readonly lost: number;
  /** The longest time in which a client was answered nothing, milliseconds. */
  readonly gapMs: number;
  /** Of the slowest client. */
  readonly perSecond: number;
}

/** Five lab hosts with a balancer each, and six API servers of which three are meant to be listed. */
export interface NeverEmptyRig {
  readonly lab: TestLab;
  readonly hosts: readonly string[];
  readonly servers: ApiServers;
  /** An inventory whose backends are these servers. */
  readonly inventory: (name: string, servers: readonly string[], more?: readonly Listed[]) => string;
  /** From now on inventories have these variables too. */
  readonly vary: (variables: Readonly<Record<string, string>>) => void;
  /** What the balancer of each node says that it has loaded. */
  readonly hashes: () => Promise<readonly string[]>;
  /** Kills the balancer of a node, and resolves when kubelet or systemd has it back. */
  readonly kill: (host: string) => Promise<void>;
  /** A playbook of test/lab/never-empty, or of playbooks/. */
  readonly play: (playbook: string, inventory: string, more?: PlayMore) => Promise<Roll>;
  /** Does something while a client on every node asks 100 times a second, from two seconds before until it has settled. */
  readonly measure: <T extends Run>(work: (faults: Fault[]) => Promise<T>) => Promise<Measured<T>>;
  /** Waits until every node has exactly these up. */
  readonly settled: (servers: readonly string[], limitMs?: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A server as an inventory lists it. */
interface Listed {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

export interface PlayMore {
  readonly args?: readonly string[];
  readonly onTold?: (told: Told) => void;
}

/** Leaves no lab behind where it fails half way. */
export async function neverEmptyRig(): Promise<NeverEmptyRig> {
  try {
    return await makeRig(await labFor(labName, { fresh: true }));
  } catch (error) {
    await labGone(labName);
    throw error;
  }
}

const labName = 'never-empty';

async function makeRig(lab: TestLab): Promise<NeverEmptyRig> {
  const hosts = lab.hosts.map((host) => host.name);
  const servers = await apiServersIn(lab, [...lists.old, ...lists.new]);
  const dir = mkdtempSync(join(tmpdir(), 'hlb-never-empty-'));
  cpSync(join(root, 'test', 'lab', 'never-empty'), dir, { recursive: true });
  symlinkSync(join(root, 'playbooks', 'roles'), join(dir, 'roles'));
  let variables: Readonly<Record<string, string>> = {};
  const upOn = async (host: string): Promise<string> =>
    (await lab.sh(host, 'curl -s -m 2 http://127.0.0.1:16444/hlb-servers')).stdout;
  return {
    lab,
    hosts,
    servers,
    inventory: (name, some, more = []) => {
      const listed = servers.named(...some).map(({ name: server, address }) => ({ name: server, address, port: 6443 }));
      const path = join(dir, `${name}.yml`);
      const vars = { ...variables, lb_servers: [...listed, ...more] };
      writeFileSync(path, JSON.stringify({ all: { vars } }));
      return path;
    },
    vary: (some) => {
      variables = some;
    },
    hashes: () => Promise.all(hosts.map(async (host) => (await lab.sh(host, askHash)).stdout)),
    kill: async (host) => {
      await lab.sh(host, 'kill -9 $(pgrep -o -x haproxy)');
      await until(`the balancer of ${host}`, 60_000, async () => (await lab.sh(host, askHash)).code === 0);
    },
    play: (playbook, inventory, { args = [], onTold } = {}) => {
      const path = playbook.startsWith('playbooks/') ? join(root, playbook) : join(dir, playbook);
      return roll([path, '-i', lab.inventory, '-i', inventory, ...args], onTold);
    },
    measure: async (work) => {
      const clients = startClients(
        lab,
        hosts,
        {
          url: 'https://127.0.0.1:16443/readyz',
          perSecond: 100,
          serversUrl: 'http://127.0.0.1:16444/hlb-servers',
        },
        { say: () => undefined, env: process.env },
      );
      const faults: Fault[] = [];
      await pause(2000);
      try {
        const done = await work(faults);
        await pause(2000);
        return measured(done, await clients.stop(), faults, servers);
      } catch (error) {
        await clients.stop();
        throw error;
      }
    },
    settled: async (some, limitMs = 60_000) => {
      const isRight = async (host: string): Promise<boolean> => {
        const up = [...(await upOn(host)).matchAll(/(\S+)=1\b/g)].map(([, name]) => name);
        return up.length === some.length && some.every((name) => up.includes(name));
      };
      await Promise.all(
        hosts.map((host) => until(`${host} to have ${some.join(', ')} up`, limitMs, () => isRight(host))),
      );
    },
    stop: async () => {
      await servers.stop();
      rmSync(dir, { recursive: true, force: true });
      await lab.down();
    },
  };
}

function measured<T extends Run>(
  done: T,
  saw: readonly Saw[],
  faults: readonly Fault[],
  servers: ApiServers,
): Measured<T> {
  const sum = (of: (one: Saw) => number): number => saw.reduce((total, one) => total + of(one), 0);
  const rates = saw.map((one) => (one.asked * 1000) / (one.until - one.from));
  return {
    done,
    saw,
    losses: lossesOf(saw, done, faults),
    margin: lowestMargin(saw, servers.history()),
    numbers: {
      requests: sum((one) => one.asked),
      lost: sum((one) => one.lost.length),
      gapMs: Math.max(...saw.map((one) => one.longestGapMs)),
      perSecond: Math.round(Math.min(...rates)),
    },
  };
}

const askHash = 'curl -sf -m 2 http://127.0.0.1:16444/hlb-config';
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
