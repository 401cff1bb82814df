import { access } from 'node:fs/promises';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import type { Target } from '../host/session.ts';
import { keysBeyondSsh2 } from './agent-keys.ts';
import { fail } from './failures.ts';
import { createHostKeys, type HostKeyCheck } from './host-keys.ts';
import { parseJump } from './jump.ts';
import type { Prompt, TransportOptions } from './options.ts';
import { createPatience } from './patience.ts';
import type { Link } from './pipe.ts';
import { createGate, withRetries } from './retry.ts';
import { createAuth } from './ssh-auth.ts';
import { createSshConfigReader } from './ssh-config.ts';
import type { SshConnectFailure } from './ssh-connect.ts';
import { createSshKeys } from './ssh-keys.ts';
import { beyondSsh2, type SshSettings, settingsOf } from './ssh-settings.ts';

/** sshd drops logins at random once ten are unfinished (MaxStartups 10:30:100). */
const loginsAtOnce = 8;
const defaultAttempts = 12;
const defaultKeepaliveMs = 10_000;
/** A chain that is longer goes in a circle. */
const longestChain = 8;

/** A host, how it is reached, and what is known of its key. */
interface Route {
  readonly target: Target;
  readonly settings: SshSettings;
  readonly check: HostKeyCheck;
  /** What only the system's ssh can do, in its own words; absent where ssh2 does as well. */
  readonly beyond: string | undefined;
  readonly via: Route | undefined;
}

export type OpenLink = (target: Target, signal: AbortSignal) => Promise<Result<Link, Failure>>;

/** Opens links by ssh2, or by the system's ssh where that is asked for or the configuration needs it. One for a whole run. */
export function createSshOpener(options: TransportOptions): OpenLink {
  const { clock, random } = options;
  const prompt = options.prompt === undefined ? undefined : oneAtATime(options.prompt);
  const env = options.env ?? process.env;
  const hostKeys = createHostKeys();
  const keys = createSshKeys(prompt);
  const reader = createSshConfigReader(env, options.onWarning);
  const gate = createGate(loginsAtOnce);
  const keepaliveMs = options.keepaliveMs ?? defaultKeepaliveMs;
  const jumps = new Map<string, SharedLink>();
  const files = new Map<string, Promise<boolean>>();

  const exists = async (path: string): Promise<boolean> => {
    const known =
      files.get(path) ??
      access(path).then(
        () => true,
        () => false,
      );
    files.set(path, known);
    return known;
  };

  const routeTo = async (target: Target, depth: number): Promise<Result<Route, Failure>> => {
    if (depth > longestChain) return fail('unreachable', `The ProxyJump of "${target.name}" leads in a circle`);
    const config = await reader.read(target);
    if (!config.ok)
      return fail('unreachable', `Cannot read the ssh configuration for "${target.name}": ${config.error}`);
    const settings = settingsOf(target, config.value, env);
    if (!isPort(settings.port)) {
      return fail('unreachable', `The port of "${target.name}" is no number from 1 to 65535`, {
        help: 'Check ansible_port, and Port in the ssh configuration',
      });
    }
    const check = await hostKeys.checkFor(target.name, settings);
    if (!check.ok) return check;
    const own =
      (await beyondSsh2(settings, config.value, env, exists)) ??
      (check.value.byAuthority ? '@cert-authority' : undefined);
    const last = settings.jumps.at(-1);
    if (last === undefined) return ok({ target, settings, check: check.value, beyond: own, via: undefined });
    const via = await hopOf(target, last, settings.jumps.slice(0, -1), depth);
    if (!via.ok) return via;
    return ok({ target, settings, check: check.value, beyond: own ?? via.value.beyond, via: via.value });
  };

  /** The last host before a target; the ones before it are its own way, unless its configuration says more. */
  const hopOf = async (
    target: Target,
    text: string,
    before: readonly string[],
    depth: number,
  ): Promise<Result<Route, Failure>> => {
    const jump = parseJump(text);
    if (jump === undefined) return fail('unreachable', `Cannot read the ProxyJump "${text}" of "${target.name}"`);
    return routeTo(
      {
        name: jump.host,
        connection: 'ssh',
        address: jump.host,
        connectTimeoutMs: target.connectTimeoutMs,
        ...(jump.port === undefined ? {} : { port: jump.port }),
        ...(jump.user === undefined ? {} : { user: jump.user }),
        ...(target.hostKey === undefined ? {} : { hostKey: target.hostKey }),
        ...(target.knownHostsFile === undefined ? {} : { knownHostsFile: target.knownHostsFile }),
        ...(target.privateKeyFile === undefined ? {} : { privateKeyFile: target.privateKeyFile }),
        ...(target.passphrase === undefined ? {} : { passphrase: target.passphrase }),
        sshArgs: [...configFileOf(target.sshArgs ?? []), ...(before.length === 0 ? [] : ['-J', before.join(',')])],
      },
      depth + 1,
    );
  };

  const dial = async (route: Route, signal: AbortSignal): Promise<Result<Link, SshConnectFailure>> => {
    const { target, settings, check } = route;
    const { connectSsh } = await import('./ssh-connect.ts');
    const patience = createPatience(clock, target.connectTimeoutMs);
    const auth = createAuth({ target, settings, keys, prompt, patience });
    const own = { target, settings, check, auth, patience, clock, keepaliveMs, signal };
    if (route.via === undefined) return connectSsh(own);
    const jump = await share(route.via, signal);
    if (!jump.ok) return jump;
    const through = await jump.value.link.forward({ host: settings.host, port: settings.port });
    if (!through.ok) {
      jump.value.leave();
      return through;
    }
    const link = await connectSsh({ ...own, through: through.value });
    if (!link.ok) jump.value.leave();
    return link.ok ? ok(leaving(link.value, jump.value.leave)) : link;
  };

  const tried = async (route: Route, signal: AbortSignal): Promise<Result<Link, Failure>> => {
    const { host, port } = route.settings;
    const dropped = (error: SshConnectFailure): boolean => error.dropped === true;
    return withRetries(() => gate(`${host}:${port}`, () => dial(route, signal)), dropped, {
      clock,
      random,
      signal,
      attempts: options.connectAttempts ?? defaultAttempts,
    });
  };

  /** One connection to a jump host for all that go through it, closed with the last of them. */
  const share = async (
    route: Route,
    signal: AbortSignal,
  ): Promise<Result<{ readonly link: Link; readonly leave: () => void }, Failure>> => {
    const key = routeKey(route);
    const known = jumps.get(key);
    const found = known === undefined ? undefined : await known.link;
    const shared =
      known !== undefined && found?.ok === true && found.value.lost() === undefined
        ? known
        : { users: 0, link: tried(route, signal) };
    if (shared !== known) jumps.set(key, shared);
    shared.users += 1;
    const link = await shared.link;
    const leave = (): void => {
      shared.users -= 1;
      if (shared.users > 0) return;
      if (jumps.get(key) === shared) jumps.delete(key);
      if (link.ok) void link.value.close();
    };
    if (link.ok) return ok({ link: link.value, leave });
    leave();
    return link;
  };

  const overOpenssh = async ({ target, settings }: Route, signal: AbortSignal): Promise<Result<Link, Failure>> => {
    const { openOpensshLink } = await import('./openssh-link.ts');
    return withRetries(
      () =>
        gate(`${settings.host}:${settings.port}`, () =>
          openOpensshLink({ target, settings, clock, keepaliveMs, env, signal }),
        ),
      (error) => error.dropped === true,
      { clock, random, signal, attempts: options.connectAttempts ?? defaultAttempts },
    );
  };

  return async (target, signal) => {
    const route = await routeTo(target, 0);
    if (!route.ok) return route;
    if (target.connection === 'openssh' || route.value.beyond !== undefined) return overOpenssh(route.value, signal);
    const link = await tried(route.value, signal);
    const socket = route.value.settings.agentSocket;
    if (link.ok || link.error.reason !== 'auth-failed' || socket === undefined) return link;
    // Certificates and keys of tokens that only the agent holds show in no configuration.
    const beyond = await keysBeyondSsh2(socket);
    return beyond.length === 0 ? link : overOpenssh(route.value, signal);
  };
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

/** A terminal takes one question at a time. */
function oneAtATime(prompt: Prompt): Prompt {
  let last: Promise<unknown> = Promise.resolve();
  return async (question) => {
    const mine = last.then(() => prompt(question));
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** `-F file` holds for the hosts on the way as well, as it does for ssh. */
function configFileOf(args: readonly string[]): readonly string[] {
  const at = args.findIndex((arg) => arg.startsWith('-F'));
  const [flag, value] = args.slice(at, at + 2);
  if (at === -1 || flag === undefined) return [];
  return flag === '-F' ? [flag, ...(value === undefined ? [] : [value])] : [flag];
}

interface SharedLink {
  users: number;
  readonly link: Promise<Result<Link, Failure>>;
}

function routeKey(route: Route): string {
  const { host, port, user } = route.settings;
  return `${route.via === undefined ? '' : `${routeKey(route.via)},`}${user}@${host}:${port}`;
}

/** A link that lets go of the jump host when it is closed. */
function leaving(link: Link, leave: () => void): Link {
  return {
    ...link,
    close: async () => {
      await link.close();
      leave();
    },
  };
}
