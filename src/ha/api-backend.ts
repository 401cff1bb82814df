import type { Diagnostic } from '../core/diagnostic.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Location, Source } from '../core/source.ts';
import type { Server } from './config.ts';
import { endpointOf, linesWith, parseConfig, type Section } from './parse.ts';
import { type Line, problem } from './words.ts';

/** A server line of a configuration that hlb need not have written. */
export interface FoundServer extends Server {
  /** The words behind the address, after those of the `default-server` lines above it. */
  readonly options: readonly string[];
  readonly at: Location;
}

/** Where a node's clients reach the API, and which servers stand behind it. */
export interface ApiBackend {
  /** Such as `127.0.0.1`; empty or `*` for every address. */
  readonly bind: string;
  readonly port: number;
  readonly frontend: string;
  readonly backend: string;
  readonly servers: readonly FoundServer[];
}

/** The backend behind what binds `port`, with its servers; or the one reason, with its place, why it cannot be told. */
export function findApiBackend(source: Source, port: number): Result<ApiBackend, Diagnostic> {
  const sections = parseConfig(source);
  if (!sections.ok) return sections;
  const listener = listenerOn(source, sections.value, port);
  if (!listener.ok) return listener;
  const backend = backendOf(listener.value.section, sections.value);
  if (!backend.ok) return backend;
  const servers = serversOf(backend.value);
  if (!servers.ok) return servers;
  const { bind, section } = listener.value;
  return ok({ bind, port, frontend: section.name, backend: backend.value.name, servers: servers.value });
}

interface Listener {
  readonly section: Section;
  readonly bind: string;
  readonly at: Location;
}

function listenerOn(source: Source, sections: readonly Section[], port: number): Result<Listener, Diagnostic> {
  const found: Listener[] = [];
  for (const section of sections.filter((one) => one.kind === 'frontend' || one.kind === 'listen')) {
    for (const line of section.lines.filter(([word]) => word.text === 'bind')) {
      const [keyword, word] = line;
      if (word === undefined) return err(problem('ha/bind', 'Expected an address and a port after "bind"', keyword.at));
      for (const text of word.text.split(',')) {
        const place = endpointOf({ text, at: word.at });
        if (place === undefined && !/^(unix|abns|fd|sockpair)@|^\//.test(text))
          return err(problem('ha/bind', `Expected an address and one port, found "${text}"`, word.at));
        if (place?.port === port) found.push({ section, bind: place.address, at: word.at });
      }
    }
  }
  const [first, second] = found;
  if (first === undefined) {
    const at = { source, start: 0, end: 0 };
    return err(problem('ha/no-frontend', `Expected a frontend that binds port ${port}, found none`, at));
  }
  if (second !== undefined) {
    const message = `Expected one place that binds port ${port}, found "${first.section.name}" and "${second.section.name}"`;
    return err(problem('ha/ambiguous-frontend', message, second.at, [{ message: 'The first one', at: first.at }]));
  }
  return ok(first);
}

function backendOf(frontend: Section, sections: readonly Section[]): Result<Section, Diagnostic> {
  const [switching] = frontend.lines.filter(([word]) => word.text === 'use_backend');
  if (switching !== undefined)
    return err(problem('ha/no-backend', `Frontend "${frontend.name}" chooses its backend by a rule`, switching[0].at));
  const named = linesWith(frontend, 'default_backend').at(-1)?.[1];
  if (named === undefined) {
    if (frontend.kind === 'listen') return ok(frontend);
    const message = `Frontend "${frontend.name}" has no "default_backend"`;
    return err(problem('ha/no-backend', message, frontend.header[0].at));
  }
  const backend = sections.find((one) => one.name === named.text && ['backend', 'listen'].includes(one.kind));
  if (backend === undefined) return err(problem('ha/no-backend', `There is no backend "${named.text}"`, named.at));
  return ok(backend);
}

function serversOf(backend: Section): Result<readonly FoundServer[], Diagnostic> {
  const servers: FoundServer[] = [];
  let options = (backend.defaults === undefined ? [] : linesWith(backend.defaults, 'default-server')).flatMap(
    optionsOf,
  );
  for (const line of backend.lines) {
    const [keyword] = line;
    if (keyword.text === 'default-server') options = [...options, ...optionsOf(line)];
    if (keyword.text === 'server-template')
      return err(problem('ha/server', 'Expected servers by name, found "server-template"', keyword.at));
    if (keyword.text !== 'server') continue;
    const server = serverOf(line, options);
    if (!server.ok) return server;
    const twin = servers.find((one) => one.name === server.value.name);
    if (twin !== undefined) {
      const message = `Server "${twin.name}" is named twice`;
      return err(problem('ha/server', message, server.value.at, [{ message: 'The first one', at: twin.at }]));
    }
    servers.push(server.value);
  }
  if (servers.length === 0)
    return err(problem('ha/no-server', `Backend "${backend.name}" has no server`, backend.header[0].at));
  return ok(servers);
}

function optionsOf([, ...words]: Line): readonly string[] {
  return words.map((word) => word.text);
}

function serverOf(
  [keyword, name, address, ...rest]: Line,
  inherited: readonly string[],
): Result<FoundServer, Diagnostic> {
  if (name === undefined || address === undefined)
    return err(problem('ha/server', 'Expected a name and an address after "server"', keyword.at));
  const place = endpointOf(address);
  if (place === undefined || place.address === '')
    return err(problem('ha/server', `Expected an address and one port, found "${address.text}"`, address.at));
  return ok({ name: name.text, ...place, options: [...inherited, ...rest.map((word) => word.text)], at: name.at });
}
