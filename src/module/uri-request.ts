import type { Json } from '../core/value.ts';
import { http } from '../host/ask.ts';
import type { Run } from '../host/change.ts';
import { curlOption } from '../host/curl.ts';
import type { HttpQuery } from '../host/observation.ts';
import { runShell } from './change.ts';
import { jsonText } from './json-text.ts';
import type { UriParams } from './uri-params.ts';

/** Headers that are sent: the playbook's, and those that its other parameters stand for. */
export function headersOf(p: UriParams): Readonly<Record<string, string>> {
  const given = new Set(Object.keys(p.headers).map((name) => name.toLowerCase()));
  const implied: Record<string, string> = { 'User-Agent': p.http_agent };
  if (p.body_format === 'json') implied['Content-Type'] = 'application/json';
  if (p.body_format === 'form-urlencoded') implied['Content-Type'] = 'application/x-www-form-urlencoded';
  if (p.force) implied['Cache-Control'] = 'no-cache';
  if (p.url_username !== undefined) {
    const credentials = Buffer.from(`${p.url_username}:${p.url_password ?? ''}`).toString('base64');
    implied['Authorization'] = `Basic ${credentials}`;
  }
  const missing = Object.entries(implied).filter(([name]) => !given.has(name.toLowerCase()));
  return { ...Object.fromEntries(missing), ...p.headers };
}

/** What is sent; absent where nothing is. */
export function bodyText(p: UriParams): string | undefined {
  const { body } = p;
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return body;
  if (p.body_format === 'form-urlencoded') return formText(body);
  return jsonText(body);
}

function formText(body: Json): string {
  const pairs = new URLSearchParams();
  const add = (name: string, value: Json): void => {
    if (Array.isArray(value)) for (const one of value) add(name, one);
    else pairs.append(name, typeof value === 'string' ? value : jsonText(value));
  };
  const entries: readonly Json[] = Array.isArray(body) ? body : Object.entries(body ?? {});
  for (const entry of entries) if (Array.isArray(entry)) add(String(entry[0]), entry[1] ?? '');
  return pairs.toString();
}

/** Requests that change nothing by HTTP's own rules are observations; redirects of theirs are followed unless told otherwise. */
export function isRead(p: UriParams): boolean {
  return (
    (p.method === 'GET' || p.method === 'HEAD') &&
    bodyText(p) === undefined &&
    p.src === undefined &&
    p.unix_socket === undefined &&
    p.use_proxy
  );
}

function followsRedirects(p: UriParams): boolean {
  if (p.follow_redirects === 'none' || p.follow_redirects === 'no') return false;
  return p.follow_redirects !== 'safe' || p.method === 'GET' || p.method === 'HEAD';
}

export function readQuery(p: UriParams): HttpQuery {
  return http(p.url, {
    method: p.method === 'HEAD' ? 'HEAD' : 'GET',
    headers: headersOf(p),
    timeoutMs: p.timeout * 1000,
    verifyTls: p.validate_certs,
    followRedirects: followsRedirects(p),
    ...(p.ca_path === undefined ? {} : { caFile: p.ca_path }),
    ...(p.client_cert === undefined ? {} : { clientCertFile: p.client_cert }),
    ...(p.client_key === undefined ? {} : { clientKeyFile: p.client_key }),
  });
}

/** A request that may change something, by curl. Everything that may be secret reaches it through its stdin. */
export function requestRun(p: UriParams): Run {
  const body = bodyText(p);
  const option = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [curlOption(name, value)];
  const config = [
    curlOption('url', p.url),
    curlOption('request', p.method),
    ...Object.entries(headersOf(p)).map(([name, value]) => curlOption('header', `${name}: ${value}`)),
    ...option('data-raw', body),
    ...option('data-binary', p.src === undefined ? undefined : `@${p.src}`),
    ...option('cacert', p.ca_path),
    ...option('cert', p.client_cert),
    ...option('key', p.client_key),
    ...option('unix-socket', p.unix_socket),
    ...(p.use_proxy ? [] : [curlOption('noproxy', '*')]),
    ...(p.validate_certs ? [] : ['insecure']),
    ...(followsRedirects(p) ? ['location'] : []),
    ...(p.method === 'HEAD' ? ['head'] : []),
    `max-time = ${p.timeout}`,
  ];
  const script = `command -v curl >/dev/null 2>&1 || { echo 'curl is not installed on this host, and ${p.method} needs it' >&2; exit 127; }
exec curl -q -sS -i -K -`;
  return runShell(script, {
    stdin: `${config.join('\n')}\n`,
    allowed: 'any',
    quiet: true,
    timeoutMs: (p.timeout + 30) * 1000,
    summary: `${p.method} ${p.url}`,
  });
}
