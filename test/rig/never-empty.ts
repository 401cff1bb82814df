import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Saw, startClients } from '../../src/lab/clients.ts';
import { type ApiServers, apiServersIn } from './api-servers.ts';
import { until } from './cluster.ts';
import { labFor, labGone, type TestLab } from './lab.ts';
import { type Fault, type Losses, lossesOf, lowestMargin, type LowestMargin, type Run } from './losses.ts';
import { type Ran, ranHlb } from './hlb.ts';
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
  /** An inventory of what is given, in Ansible's form, beside the lab's own. */
  readonly overlay: (name: string, inventory: object) => string;
  /** From now on inventories have these variables and groups too. */
  readonly vary: (variables: Readonly<Record<string, string>>, groups?: object) => void;
  /** What the balancer of each node says that it has loaded: its hash, and the servers whether they are up or not. */
  readonly loaded: () => Promise<readonly Loaded[]>;
  /** Kills the balancer of a node with SIGKILL; resolves when kubelet or systemd has it back. */
  readonly kill: (host: string) => Promise<Fault>;
  /** A playbook of test/lab/never-empty, or of playbooks/. */
  readonly play: (playbook: string, inventory: string, more?: PlayMore) => Promise<Roll>;
  /** `hlb plan` or `hlb status` of the built hlb. */
  readonly look: (command: 'plan' | 'status', inventory: string, args?: readonly string[]) => Promise<Ran>;
  /** Does something while a client on every node asks 100 times a second, from two seconds before until it has settled. */
  readonly measure: <T extends Run>(
    work: (faults: Fault[]) => Promise<T>,
    options?: MeasureOptions,
  ) => Promise<Measured<T>>;
  /** Waits until every node, or these, has exactly these up. */
  readonly settled: (servers: readonly string[], hosts?: readonly string[]) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The configuration that a node's balancer serves. */
export interface Loaded {
  readonly host: string;
  readonly hash: string;
  readonly servers: readonly string[];
}

export interface MeasureOptions {
  /** The address of the balancer that clients go through; their own node's when left out. */
  readonly through?: string;
  /** Servers by the names under which balancers list them, where these are others. */
  readonly aliases?: Readonly<Record<string, string>>;
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
  let groups: object = {};
  const upOn = async (host: string): Promise<string> =>
    (await lab.sh(host, 'curl -s -m 2 http://127.0.0.1:16444/hlb-servers')).stdout;
  const overlay: NeverEmptyRig['overlay'] = (name, inventory) => {
    const path = join(dir, `${name}.yml`);
    writeFileSync(path, JSON.stringify(inventory));
    return path;
  };
  const pathOf = (playbook: string): string => join(playbook.startsWith('playbooks/') ? root : dir, playbook);
  return {
    lab,
    hosts,
    servers,
    inventory: (name, some, more = []) => {
      const listed = servers.named(...some).map(({ name: server, address }) => ({ name: server, address, port: 6443 }));
      return overlay(name, { ...groups, all: { vars: { ...variables, lb_servers: [...listed, ...more] } } });
    },
    overlay,
    vary: (some, more = {}) => {
      variables = some;
      groups = more;
    },
    loaded: () =>
      Promise.all(
        hosts.map(async (host) => {
          const hash = (await lab.sh(host, askHash)).stdout.trim();
          const servers = [...(await upOn(host)).matchAll(/(\S+)=[01]\b/g)].map(([, name = '']) => name);
          return { host, hash, servers };
        }),
      ),
    kill: async (host) => {
      const at = Date.now();
      await lab.sh(host, 'kill -9 $(pgrep -o -x haproxy)');
      await until(`the balancer of ${host}`, 60_000, async () => (await lab.sh(host, askHash)).code === 0);
      return { what: `the balancer of ${host} killed`, at, until: Date.now() + 500, host };
    },
    play: (playbook, inventory, { args = [], onTold } = {}) =>
      roll([pathOf(playbook), '-i', lab.inventory, '-i', inventory, ...args], onTold),
    look: (command, inventory, args = []) => {
      const playbook = command === 'plan' ? [pathOf('playbooks/update-backends.yml')] : [];
      return ranHlb([command, ...playbook, '-i', lab.inventory, '-i', inventory, ...args]);
    },
    measure: async (work, { through = '127.0.0.1', aliases = {} } = {}) => {
      const clients = startClients(
        lab,
        hosts,
        {
          url: `https://${through}:16443/readyz`,
          perSecond: 100,
          tlsEvery: 10,
          serversUrl: 'http://127.0.0.1:16444/hlb-servers',
        },
        { say: () => undefined, env: process.env },
      );
      const faults: Fault[] = [];
      await pause(2000);
      try {
        const done = await work(faults);
        await pause(2000);
        const saw = renamed(await clients.stop(), aliases);
        return measured(done, saw, faults, servers);
      } catch (error) {
        await clients.stop();
        throw error;
      }
    },
    settled: async (some, on = hosts) => {
      const isRight = async (host: string): Promise<boolean> => {
        const up = [...(await upOn(host)).matchAll(/(\S+)=1\b/g)].map(([, name]) => name);
        return up.length === some.length && some.every((name) => up.includes(name));
      };
      await Promise.all(on.map((host) => until(`${host} to have ${some.join(', ')} up`, 60_000, () => isRight(host))));
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
    margin: lowestMargin(saw, servers.history(), faults),
    numbers: {
      requests: sum((one) => one.asked),
      lost: sum((one) => one.lost.length),
      gapMs: Math.max(...saw.map((one) => one.longestGapMs)),
      perSecond: Math.round(Math.min(...rates)),
    },
  };
}

function renamed(saw: readonly Saw[], aliases: Readonly<Record<string, string>>): readonly Saw[] {
  const nameOf = (name: string): string => aliases[name.replace(/-before$/, '')] ?? name;
  return saw.map((one) => ({
    ...one,
    servers: one.servers.map((moment) => ({ ...moment, up: moment.up.map(nameOf) })),
  }));
}

const askHash = 'curl -sf -m 2 http://127.0.0.1:16444/hlb-config';
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
