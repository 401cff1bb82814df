import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext } from 'node:tls';
import type { ClientLine } from './clients.ts';

/**
 * `node steady-client.js HTTPS_URL RATE TLS_EVERY [SERVERS_URL]`: a client of an API that asks at a steady rate, over a new
 * connection each time. One request of TLS_EVERY speaks TLS, the others are the same without it, which costs a fifth of the
 * processor time and is nothing else for a balancer that passes bytes on. It tells each loss, and each change of what the
 * balancer says at SERVERS_URL, as a line of JSON; when its input ends it waits for what is still open and tells the numbers.
 */
const [url = '', rate = '', every = '', serversUrl] = process.argv.slice(2);
const { hostname, port, pathname } = new URL(url);
const perSecond = Number(rate);
const tlsEvery = Number(every);
/** A request that is not answered by then is lost. */
const patienceMs = 5000;
/** More are not open at once: where nothing is answered for long it asks more slowly, so that servers are not buried under work. */
const mostOpen = 100;
const tickMs = 10;
const watchMs = 200;
/** One context for all: making it reads the machine's authorities each time. Sessions are resumed as a browser does. */
const secureContext = createSecureContext();
const message = `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`;

const from = Date.now();
let skipped = 0;
let asked = 0;
let answered = 0;
let open = 0;
let lastAnswer = from;
let longestGapMs = 0;
let session: Buffer | undefined;
let ending = false;

function tell(line: ClientLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function gapUntil(now: number): void {
  longestGapMs = Math.max(longestGapMs, now - lastAnswer);
  lastAnswer = now;
}

/** Calls back when a request may be written. */
function connected(withTls: boolean, ready: (socket: Socket) => void): Socket {
  const place = { host: hostname, port: Number(port) };
  if (!withTls) {
    const socket = connect({ ...place, noDelay: true });
    return socket.once('connect', () => ready(socket));
  }
  const resumed = session === undefined ? {} : { session };
  const socket = connectTls({ ...place, rejectUnauthorized: false, secureContext, ...resumed });
  socket.on('session', (one) => (session = one));
  return socket.once('secureConnect', () => ready(socket));
}

function ask(): void {
  const at = Date.now();
  const socket = connected(asked % tlsEvery === 0, (one) => one.write(message));
  asked++;
  open++;
  let status: string | undefined;
  let why = 'closed without an answer';
  const patience = setTimeout(() => {
    why = `no answer within ${patienceMs} ms`;
    socket.destroy();
  }, patienceMs);
  socket.once('data', (data: Buffer) => {
    status = data.toString('latin1', 9, 12);
    why = `status ${status}`;
    socket.destroy();
  });
  socket.on('error', (error) => {
    if (status === undefined) why = error.message;
  });
  socket.once('close', () => {
    clearTimeout(patience);
    const until = Date.now();
    open--;
    if (status === '200') {
      answered++;
      gapUntil(until);
    } else tell({ type: 'lost', at, until, why });
    if (ending && open === 0) end();
  });
}

function end(): void {
  const until = Date.now();
  gapUntil(until);
  tell({ type: 'end', from, until, asked, answered, longestGapMs });
}

const asking = setInterval(() => {
  const due = Math.floor(((Date.now() - from) * perSecond) / 1000) - asked - skipped;
  const now = Math.max(0, Math.min(due, mostOpen - open));
  skipped += due - now;
  for (let count = 0; count < now; count++) ask();
}, tickMs);

let up: string | undefined;
function lookAtServers(watched: string): void {
  const changed = (text: string): void => {
    if (text === up) return;
    up = text;
    tell({ type: 'servers', at: Date.now(), up: [...text.matchAll(/(\S+)=1\b/g)].map(([, name = '']) => name) });
  };
  const request = get(watched, { timeout: patienceMs, agent: false }, (response) => {
    let text = '';
    response.on('data', (chunk: Buffer) => (text += chunk.toString()));
    response.on('end', () => changed(text));
    response.on('error', () => changed(''));
  });
  request.on('timeout', () => request.destroy());
  request.on('error', () => changed(''));
}
const watching = serversUrl === undefined ? undefined : setInterval(() => lookAtServers(serversUrl), watchMs);

process.stdin.resume();
process.stdin.once('end', () => {
  ending = true;
  clearInterval(asking);
  clearInterval(watching);
  if (open === 0) end();
});
