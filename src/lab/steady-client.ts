import { get } from 'node:http';
import { connect, createSecureContext } from 'node:tls';
import type { ClientLine } from './clients.ts';

/**
 * `node steady-client.js HTTPS_URL RATE [SERVERS_URL]`: a client of an API that asks at a steady rate, over a new connection
 * each time. It tells each loss, and each change of what the balancer says at SERVERS_URL, as a line of JSON; when its input
 * ends it waits for what is still open and tells the numbers.
 */
const [url = '', rate = '', serversUrl] = process.argv.slice(2);
const { hostname, port, pathname } = new URL(url);
const perSecond = Number(rate);
/** A request that is not answered by then is lost. */
const patienceMs = 5000;
/** More are not open at once: on a busy machine it asks more slowly, so that servers are not buried under work. */
const mostOpen = 10;
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

function ask(): void {
  const at = Date.now();
  asked++;
  open++;
  const socket = connect({
    host: hostname,
    port: Number(port),
    rejectUnauthorized: false,
    secureContext,
    ...(session === undefined ? {} : { session }),
  });
  let status: string | undefined;
  let why = 'closed without an answer';
  const patience = setTimeout(() => {
    why = `no answer within ${patienceMs} ms`;
    socket.destroy();
  }, patienceMs);
  socket.on('session', (one) => (session = one));
  socket.once('secureConnect', () => socket.write(message));
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
