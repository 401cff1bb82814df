import { fail } from '../runtime/failure.ts';
import type { Val } from '../runtime/value.ts';

/** Python's `urllib.parse.quote`, or `quote_plus` for a query. */
export function quoteUrl(text: string, safe: string, plus: boolean): string {
  let quoted = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const char = String.fromCharCode(byte);
    if (/[A-Za-z0-9_.~-]/.test(char) || (byte < 128 && safe.includes(char))) quoted += char;
    else if (plus && char === ' ') quoted += '+';
    else quoted += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return quoted;
}

/** Python's `unquote_plus`: bytes that are no UTF-8 are replaced. */
export function unquoteUrl(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replaceAll(/(?:%[\da-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}

/** The parts of a URL as Python's `urlsplit` names them. */
export function urlParts(given: string): Map<Val, Val> {
  let rest = given.replace(/^[\x00-\x20]+/, '').replaceAll(/[\t\n\r]/g, '');
  const scheme = /^([A-Za-z][\w+.-]*):/.exec(rest);
  if (scheme !== null) rest = rest.slice(scheme[0].length);
  const net = /^\/\/([^/?#]*)/.exec(rest);
  if (net !== null) rest = rest.slice(net[0].length);
  const [, path = '', query = '', fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/.exec(rest) ?? [];
  const netloc = net?.[1] ?? '';
  return new Map<Val, Val>([
    ['fragment', fragment],
    ['hostname', hostOf(netloc)],
    ['netloc', netloc],
    ['password', userOf(netloc)?.password ?? null],
    ['path', path],
    ['port', portOf(netloc)],
    ['query', query],
    ['scheme', scheme?.[1]?.toLowerCase() ?? ''],
    ['username', userOf(netloc)?.name ?? null],
  ]);
}

function userOf(netloc: string): { readonly name: string; readonly password: string | undefined } | undefined {
  const at = netloc.lastIndexOf('@');
  if (at === -1) return undefined;
  const user = netloc.slice(0, at);
  const colon = user.indexOf(':');
  return colon === -1
    ? { name: user, password: undefined }
    : { name: user.slice(0, colon), password: user.slice(colon + 1) };
}

const hostForm = /^(?:\[([^\]]*)\]|([^:]*))(?::([\s\S]*))?$/;

function hostOf(netloc: string): string | null {
  const [, v6, name] = hostForm.exec(netloc.slice(netloc.lastIndexOf('@') + 1)) ?? [];
  const host = v6 ?? name ?? '';
  return host === '' ? null : host.toLowerCase();
}

function portOf(netloc: string): bigint | null {
  const [, , , port = ''] = hostForm.exec(netloc.slice(netloc.lastIndexOf('@') + 1)) ?? [];
  if (port === '') return null;
  return /^\d+$/.test(port) && Number(port) <= 65_535 ? BigInt(port) : fail('value', `"${port}" is no port`);
}
