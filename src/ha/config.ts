import { createHash } from 'node:crypto';
import { endpointText } from './endpoint.ts';

/** One API server that the balancer knows. */
export interface Server {
  /** Such as `cp1`; a word, since it stands in the configuration and in every answer of the runtime API. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** Version of an haproxy, as far as knobs depend on it. */
export interface HaproxyVersion {
  readonly major: number;
  readonly minor: number;
}

/** The balancer on one node, typed; `renderConfig` makes the text of it. */
export interface BalancerConfig {
  readonly servers: readonly Server[];
  /** Where clients of the node connect: 127.0.0.1:16443, on a balancer host an address of its own. */
  readonly bind: string;
  readonly port: number;
  /** /healthz, /hlb-config; always on the loopback. */
  readonly healthPort: number;
  /** Of the stats socket, as haproxy sees it. */
  readonly socket: string;
  /** What `show servers state` gave before the last reload, as haproxy sees it. */
  readonly stateFile: string;
  readonly maxConnections: number;
  /** Status codes of /readyz that mean alive. 200 alone is right; 401 only where anonymous requests are off; never 403. */
  readonly aliveStatuses: readonly number[];
  /** The cluster's CA, as haproxy sees it; without it the certificate is not verified. */
  readonly caFile?: string;
}

export const backendName = 'apiservers';

/** The oldest haproxy that has every knob that the configuration needs. */
export const oldestVersion: HaproxyVersion = { major: 2, minor: 6 };

/**
 * The text of a balancer's configuration. Each knob stands for a way in which a node was seen to lose its API:
 * `noreuseport` (two balancers share a port and answer by turns), `hard-stop-after` (watches keep old workers alive),
 * the state file (a dead server is believed up after each reload), `monitor fail` (a readiness that lies), and the
 * hash that the answering process serves (the only way to know what it has loaded).
 */
export function renderConfig(config: BalancerConfig): string {
  const lines = linesOf(config);
  const hash = hashOf(lines.join('\n'));
  const served = `  http-request return status 200 content-type text/plain string "${hash}" if { path /hlb-config }`;
  return `${lines.map((line) => (line === hashPlace ? served : line)).join('\n')}\n`;
}

/** What `/hlb-config` answers once this configuration is loaded: the hash of the text without that very line. */
export function configHash(config: BalancerConfig): string {
  return hashOf(linesOf(config).join('\n'));
}

/**
 * The hash of a text that `renderConfig` may have written, to be held against what is served; undefined where it has no such
 * line. A text that was changed by hand has another hash than the one that it says it serves.
 */
export function writtenHash(text: string): string | undefined {
  const lines = text.replace(/\n$/, '').split('\n');
  const at = lines.findIndex((line) => servedLine.test(line));
  return at === -1 ? undefined : hashOf(lines.with(at, hashPlace).join('\n'));
}

const hashPlace = '#hash#';
const servedLine = /^ {2}http-request return .* if \{ path \/hlb-config \}$/;

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function linesOf(config: BalancerConfig): readonly string[] {
  const { servers, aliveStatuses } = config;
  const expect =
    aliveStatuses.length === 1
      ? `status ${aliveStatuses[0]}`
      : `rstatus ^(${[...aliveStatuses].sort((a, b) => a - b).join('|')})$`;
  const tls =
    config.caFile === undefined ? 'check-ssl verify none' : `check-ssl verify required ca-file ${config.caFile}`;
  return [
    '# Written by hlb. Changes by hand are seen as a difference and replaced.',
    'global',
    '  log stdout format raw local0',
    `  maxconn ${config.maxConnections}`,
    '  noreuseport',
    '  hard-stop-after 10m',
    `  stats socket ${config.socket} mode 600 level admin`,
    `  server-state-file ${config.stateFile}`,
    'defaults',
    '  log global',
    '  mode tcp',
    '  timeout connect 2s',
    '  timeout client 15m',
    '  timeout server 15m',
    '  timeout check 2s',
    '  retries 2',
    '  option redispatch',
    '  load-server-state-from-file global',
    'frontend health',
    `  bind 127.0.0.1:${config.healthPort}`,
    '  mode http',
    '  timeout client 10s',
    '  monitor-uri /healthz',
    `  monitor fail if { nbsrv(${backendName}) lt 1 }`,
    hashPlace,
    `  http-request return status 200 content-type text/plain lf-string "${upText(servers)}" if { path /hlb-servers }`,
    'frontend api',
    `  bind ${endpointText(config.bind, config.port)}`,
    `  default_backend ${backendName}`,
    `backend ${backendName}`,
    '  balance leastconn',
    '  option httpchk',
    '  http-check send meth GET uri /readyz',
    `  http-check expect ${expect}`,
    `  default-server inter 2s fastinter 500ms downinter 2s fall 2 rise 2 check ${tls} on-marked-down shutdown-sessions`,
    ...servers.map((server) => `  server ${server.name} ${endpointText(server.address, server.port)}`),
  ];
}

/** `2 cp1=1 cp2=0 cp3=1`: how many servers are up, and which; read over HTTP where no socket tool is at hand. */
function upText(servers: readonly Server[]): string {
  return [
    `%[nbsrv(${backendName})]`,
    ...servers.map(({ name }) => `${name}=%[srv_is_up(${backendName}/${name})]`),
  ].join(' ');
}

/** From `HAProxy version 2.6.12-1+deb12u4 2026/10/17 - …`. */
export function parseVersion(text: string): HaproxyVersion | undefined {
  const match = /version (\d+)\.(\d+)/.exec(text);
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

export function isOlder(version: HaproxyVersion, than: HaproxyVersion): boolean {
  return version.major < than.major || (version.major === than.major && version.minor < than.minor);
}
