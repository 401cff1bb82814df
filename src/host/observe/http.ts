import { curl, curlOption } from '../curl.ts';
import type { HttpFact, HttpQuery } from '../observation.ts';
import { quote, quoteAll } from '../quote.ts';
import type { Answer, Finished, Part } from './part.ts';
import { asking, single, utf8 } from './part.ts';

/** No program sent it: the host has neither curl nor GNU wget. */
const noTool = 69;

/** One request by curl or GNU wget; busybox's wget hides headers and bodies of errors and verifies nothing. */
export function observeHttp(query: HttpQuery): Part {
  const script = `if command -v curl >/dev/null; then ${byCurl(query)}; exit 0; fi
case $(wget --version 2>/dev/null) in *GNU*) echo; ${byWget(query)};; *) exit ${noTool};; esac`;
  return single(query, asking(script, query.timeoutMs + 10_000), (done) => read(query, done));
}

function byCurl(query: HttpQuery): string {
  const config = [
    curlOption('url', query.url),
    ...Object.entries(query.headers).map(([name, value]) => curlOption('header', `${name}: ${value}`)),
    ...(query.caFile === undefined ? [] : [curlOption('cacert', query.caFile)]),
    ...(query.clientCertFile === undefined ? [] : [curlOption('cert', query.clientCertFile)]),
    ...(query.clientKeyFile === undefined ? [] : [curlOption('key', query.clientKeyFile)]),
  ];
  const flags = [
    query.method === 'HEAD' ? '-I' : '-i',
    '-sS',
    ...(query.verifyTls ? [] : ['-k']),
    ...(query.followRedirects ? ['-L'] : []),
    `-m ${seconds(query)}`,
    // The length of all headers parts them from the body.
    `-w '\\n%{http_code} %{size_header}'`,
  ];
  return `echo curl; ${curl(config, flags.join(' '))}`;
}

function byWget(query: HttpQuery): string {
  const flags = [
    '-nv',
    '-S',
    '-O -',
    '-t 1',
    `-T ${seconds(query)}`,
    '--content-on-error',
    ...(query.method === 'HEAD' ? ['--method=HEAD'] : []),
    ...(query.verifyTls ? [] : ['--no-check-certificate']),
    ...(query.followRedirects ? [] : ['--max-redirect=0']),
    ...(query.caFile === undefined ? [] : [`--ca-certificate=${quote(query.caFile)}`]),
    ...(query.clientCertFile === undefined ? [] : [`--certificate=${quote(query.clientCertFile)}`]),
    ...(query.clientKeyFile === undefined ? [] : [`--private-key=${quote(query.clientKeyFile)}`]),
    quoteAll(Object.entries(query.headers).map(([name, value]) => `--header=${name}: ${value}`)),
  ];
  return `wget ${flags.join(' ')} -- ${quote(query.url)}`;
}

const seconds = (query: HttpQuery): number => Math.max(1, Math.ceil(query.timeoutMs / 1000));

function read(query: HttpQuery, done: Finished): Answer {
  if (done.code === noTool) return { observation: query, forward: true };
  const at = done.stdout.indexOf(lineFeed);
  const by = utf8(done.stdout.subarray(0, at));
  const rest = Uint8Array.from(done.stdout.subarray(at + 1));
  return { observation: query, fact: by === 'curl' ? fromCurl(query, rest, done) : fromWget(query, rest, done) };
}

function fromCurl(query: HttpQuery, output: Uint8Array, done: Finished): HttpFact {
  const end = output.lastIndexOf(lineFeed);
  const [status = '0', length = '0'] = utf8(output.subarray(end + 1)).split(' ');
  if (Number(status) === 0) return noAnswer(complaint(done.stderr).replace(/^curl: \(\d+\) /, ''));
  const headers = output.subarray(0, Number(length));
  const body = query.method === 'HEAD' ? new Uint8Array() : output.subarray(Number(length), end);
  const text = utf8(headers);
  return { status: Number(status), ...phraseOf(text), headers: lastHeaders(text), body, ...redirect(query, text) };
}

const lineFeed = 10;

/** wget shows the headers on stderr, two blanks before each, what is not printable as octal and a backslash doubled. */
function fromWget(query: HttpQuery, body: Uint8Array, done: Finished): HttpFact {
  const shown = utf8(done.stderr)
    .split('\n')
    .filter((line) => line.startsWith('  '))
    .map((line) =>
      line.slice(2).replace(/\\(\\|[0-7]{3})/g, (_, code: string) => (code === '\\' ? code : octal(code))),
    );
  const status = shown.findLast((line) => line.startsWith('HTTP/'))?.split(' ')[1];
  if (status === undefined) return noAnswer(complaint(done.stderr).replace(/^wget: /, ''));
  const headers = shown.join('\n');
  return {
    status: Number(status),
    ...phraseOf(headers),
    headers: lastHeaders(headers),
    body,
    ...redirect(query, headers),
  };
}

const octal = (digits: string): string => String.fromCharCode(Number.parseInt(digits, 8));

function complaint(stderr: Uint8Array): string {
  return utf8(stderr).trim().split('\n').at(-1) ?? '';
}

export function noAnswer(error: string): HttpFact {
  return { status: 0, headers: {}, body: new Uint8Array(), error: error === '' ? 'No answer' : error };
}

/** The headers of all answers on the way tell where it led. */
function redirect(query: HttpQuery, headers: string): Pick<HttpFact, 'redirectedTo'> {
  if (!query.followRedirects) return {};
  const answers = headers.split(/^(?=HTTP\/)/m).filter((answer) => answer.startsWith('HTTP/'));
  let url = query.url;
  for (const answer of answers.slice(0, -1)) {
    const location = /^HTTP\/\S+ 3\d\d/.test(answer) ? /^location:\s*(.*?)\s*$/im.exec(answer)?.[1] : undefined;
    if (location !== undefined && URL.canParse(location, url)) url = new URL(location, url).href;
  }
  return url === query.url ? {} : { redirectedTo: url };
}

/** Of several answers the last: HTTP/2 has none. */
function phraseOf(headers: string): Pick<HttpFact, 'phrase'> {
  const line = headers.split(/\r?\n/).findLast((one) => one.startsWith('HTTP/'));
  const phrase = line === undefined ? '' : line.replace(/^\S+\s+\d+\s*/, '').trim();
  return phrase === '' ? {} : { phrase };
}

/** Of several answers (redirects, 100 Continue) the last; names in lower case, values of one name joined by a comma. */
export function lastHeaders(text: string): Readonly<Record<string, string>> {
  const lines = text.split(/\r?\n/);
  const from = lines.findLastIndex((line) => line.startsWith('HTTP/'));
  const headers = new Map<string, string>();
  for (const line of lines.slice(from + 1)) {
    const [, name = '', value = ''] = /^([^:\s]+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === '') continue;
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(headers);
}
