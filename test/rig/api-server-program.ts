import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { z } from 'zod';
import { type Mood, Order, Setting } from './api-server-words.ts';

/**
 * API servers as far as balancers and clients see them, one process for all: TLS, /readyz, and moods. Requests without TLS
 * are answered too: for a balancer that passes bytes on they are the same, and they cost a fifth.
 */
const { servers, certificate, key, ticketKeys } = Setting.parse(JSON.parse(process.argv[2] ?? ''));
const say = (line: object): void => void process.send?.(line);

/** Health checks speak HTTP/1.0, clients 1.1. */
const isClient = (request: string): boolean => request.includes(' HTTP/1.1');

interface ApiServer {
  mood: Mood;
  served: number;
  readonly listen: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The first byte of every TLS connection. */
const handshake = 0x16;

function apiServer(address: string): ApiServer {
  const sockets = new Set<Socket>();
  const self: { mood: Mood; served: number } = { mood: 'ready', served: 0 };
  const answer = (socket: Socket, request: Buffer): void => {
    if (isClient(request.toString('latin1'))) self.served++;
    if (self.mood === 'hangs') return;
    const status = { ready: '200 OK', 'half joined': '403 Forbidden', starting: '500 Error', dead: '' }[self.mood];
    socket.end(`HTTP/1.1 ${status}\r\ncontent-type: text/plain\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok`);
  };
  const options = { key, cert: certificate, ticketKeys: Buffer.from(ticketKeys, 'base64') };
  const tls = createTlsServer(options, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (data: Buffer) => answer(socket, data));
  });
  tls.on('tlsClientError', () => undefined);
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', (data: Buffer) => {
      if (data[0] !== handshake) return answer(socket, data);
      socket.pause();
      socket.unshift(data);
      tls.emit('connection', socket);
    });
  });
  return Object.assign(self, {
    listen: () => new Promise<void>((resolve) => server.listen(6443, address, 511, resolve)),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  });
}

const all = new Map(servers.map(({ name, address }) => [name, apiServer(address)]));
await Promise.all([...all.values()].map((one) => one.listen()));

process.on('message', (received: unknown) => {
  const order = Order.parse(received);
  void obey(order).then((served) => say({ id: order.id, served }));
});
process.on('disconnect', () => process.exit());
say({ id: 0, served: {} });

async function obey({ moods }: z.output<typeof Order>): Promise<Readonly<Record<string, number>>> {
  for (const [name, mood] of Object.entries(moods)) {
    const one = all.get(name);
    if (one === undefined || one.mood === mood) continue;
    if (mood === 'dead') await one.close();
    if (one.mood === 'dead') await one.listen();
    one.mood = mood;
  }
  return Object.fromEntries([...all].map(([name, one]) => [name, one.served]));
}
