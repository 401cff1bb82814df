import { placeText } from '../core/source.ts';
import { findApiBackend } from './api-backend.ts';
import { backendName } from './config.ts';
import { linesWith, parseConfig } from './parse.ts';
import { parseServersState } from './servers-state.ts';
import { isUp, parseStat } from './stats.ts';

/** One server that a running haproxy has loaded behind the API's port. */
export interface LoadedBackend {
  /** As haproxy calls it. */
  readonly name: string;
  readonly address?: string;
  readonly port?: number;
  /** Takes new connections; undefined where haproxy was not asked. */
  readonly up?: boolean;
  /** haproxy's own word, such as `UP`, `DOWN`, `MAINT`, `DRAIN`. */
  readonly status?: string;
  readonly weight?: number;
  readonly sessions?: number;
  /** What its last health check gave, such as `L7OK/200`. */
  readonly check?: string;
}

/** What the stats socket answered. */
export interface SocketAnswers {
  readonly info: string;
  readonly stat: string;
  readonly state: string;
}

export interface ConfigFile {
  readonly path: string;
  readonly text: string;
  /** Milliseconds since the epoch: the last change of content, name or attributes. */
  readonly changedAt: number;
}

/** All that tells of what a running haproxy has loaded; what could not be asked is undefined. */
export interface LoadedEvidence {
  /** Of the frontend that the API's clients connect to. */
  readonly port: number;
  readonly writtenByHlb: boolean;
  /** What /hlb-servers answered, such as `1 cp1=1 cp2=0`. */
  readonly servers: string | undefined;
  readonly socket: SocketAnswers | undefined;
  readonly config: ConfigFile | undefined;
  /** When the process was started, in milliseconds since the epoch. */
  readonly startedAt: number | undefined;
}

export interface Loaded {
  readonly backends: readonly LoadedBackend[] | undefined;
  readonly problem?: string;
}

/**
 * The servers that the running process has loaded, not those that a file lists: by its socket, by /hlb-servers, and by the
 * file only where the process was started after the last change of it.
 */
export function loadedBackends(evidence: LoadedEvidence): Loaded {
  const { writtenByHlb, socket, servers, config, startedAt } = evidence;
  const found = writtenByHlb || config === undefined ? undefined : findApiBackend(source(config), evidence.port);
  if (found?.ok === false) {
    const { message, at } = found.error;
    return unknown(`${message}${at === undefined ? '' : ` (${placeText(at)})`}`);
  }
  const name = writtenByHlb ? backendName : found?.value.backend;
  if (name === undefined) return unknown('hlb did not write its configuration and cannot read it');
  const told = socket === undefined ? [] : fromSocket(socket, name);
  if (told.length > 0) return { backends: told };
  if (writtenByHlb && servers !== undefined) return { backends: fromHttp(servers) };
  if (found === undefined || config === undefined)
    return unknown('it answers neither on its socket nor on /hlb-servers');
  if (startedAt === undefined || startedAt <= config.changedAt)
    return unknown('it has no stats socket, and its file may have changed since it was loaded');
  return { backends: found.value.servers.map(({ name: server, address, port }) => ({ name: server, address, port })) };
}

/** The stats socket that a configuration names, as haproxy sees it. */
export function statsSocketOf(config: ConfigFile): string | undefined {
  const sections = parseConfig(source(config));
  if (!sections.ok) return undefined;
  const named = sections.value
    .filter((section) => section.kind === 'global')
    .flatMap((section) => linesWith(section, 'stats'))
    .filter((line) => line[1]?.text === 'socket')
    .flatMap((line) => line[2]?.text ?? []);
  return named.find((path) => path.startsWith('/'));
}

const source = ({ path, text }: ConfigFile) => ({ path, text });
const unknown = (problem: string): Loaded => ({ backends: undefined, problem });

function fromSocket({ stat, state }: SocketAnswers, backend: string): readonly LoadedBackend[] {
  const states = parseServersState(state).filter((one) => one.backend === backend);
  return parseStat(stat)
    .filter((one) => one.backend === backend)
    .map((one) => {
      const place = states.find((other) => other.server === one.server);
      return {
        name: one.server,
        ...(place === undefined ? {} : { address: place.address, port: place.port }),
        up: isUp(one),
        status: one.status,
        weight: one.weight,
        sessions: one.sessions,
        check: one.check,
      };
    });
}

function fromHttp(text: string): readonly LoadedBackend[] {
  return text.split(' ').flatMap((word): readonly LoadedBackend[] => {
    const [, name, up] = /^(.+)=([01])$/.exec(word) ?? [];
    return name === undefined ? [] : [{ name, up: up === '1', status: up === '1' ? 'UP' : 'DOWN' }];
  });
}
