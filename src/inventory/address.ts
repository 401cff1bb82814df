/** A name or address with the port that may follow it. */
export interface Address {
  readonly host: string;
  readonly port?: number;
}

/**
 * `host`, `host:22`, `[::1]:22` and the like, where parts of the host may be ranges such as `[01:20]`; absent where it is
 * none of these. Follows what Ansible takes for a host.
 */
export function parseAddress(text: string): Address | undefined {
  let host = text;
  let port: number | undefined;
  for (const pattern of [bracketedWithPort, withPort]) {
    const match = pattern.exec(host);
    if (match === null) continue;
    host = match[1] ?? '';
    port = Number(match[2]);
  }
  if (!plain.test(host) && !ipv4.test(host) && !ipv6.test(host) && !hostname.test(host)) return undefined;
  return port === undefined ? { host } : { host, port };
}

/** `node1` of `node1.example.org`; an address stays whole. */
export function shortName(host: string): string {
  return ipv4.test(host) || ipv6.test(host) ? host : (host.split('.')[0] ?? host);
}

/** The names that stand for the machine that hlb runs on, also where no inventory names it. */
export function isLocalhost(name: string): boolean {
  return name === 'localhost' || name === '127.0.0.1' || name === '::1';
}

const bracketedWithPort = /^\[(.+)\]:([0-9]+)$/;
const withPort = /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/;

/** Most names, and addresses of version 4, at a fraction of what the whole pattern of names costs to compile. */
const plain = /^(?:[a-z0-9_][a-z0-9_-]*)?[a-z0-9](?:\.(?:[a-z0-9_][a-z0-9_-]*)?[a-z0-9])*$/i;

const step = '(?::[0-9]+)?';
const numbers = `\\[(?:[0-9]+:[0-9]+)${step}\\]`;
const hexNumbers = `\\[(?:[0-9a-f]+:[0-9a-f]+)${step}\\]`;
const letters = `\\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)${step}\\]`;

const octet = `(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5]|${numbers})`;
const group = `(?:[0-9a-f]{1,4}|${hexNumbers})`;
const label = `(?:[\\p{L}\\p{N}_]|${letters})(?:[\\p{L}\\p{N}_-]|${letters})*(?<![_-])`;

const ipv4 = new RegExp(`^(?:${octet}\\.){3}${octet}$`, 'i');

/** From `::` to eight groups, and those that end in an IPv4 address. */
const ipv6 = new RegExp(
  `^(?:${[
    `(?:${group}:){7}${group}`,
    `(?:${group}:){1,6}:`,
    `(?:${group}:)(?::${group}){1,6}`,
    `(?:${group}:){2}(?::${group}){1,5}`,
    `(?:${group}:){3}(?::${group}){1,4}`,
    `(?:${group}:){4}(?::${group}){1,3}`,
    `(?:${group}:){5}(?::${group}){1,2}`,
    `(?:${group}:){6}(?::${group})`,
    `:(?::${group}){1,6}`,
    `${group}?::`,
    `(?:0:){6}(?:${octet}\\.){3}${octet}`,
    `::(?:ffff:)?(?:${octet}\\.){3}${octet}`,
    `(?:0:){5}ffff:(?:${octet}\\.){3}${octet}`,
  ].join('|')})$`,
  'i',
);

const hostname = new RegExp(`^${label}(?:\\.${label})*$`, 'iu');
