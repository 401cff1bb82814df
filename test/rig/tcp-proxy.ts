import { connect, createServer, type Socket } from 'node:net';

export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** From here on the open connections carry nothing, and neither end learns of it: a pulled cable. */
  readonly pull: () => void;
}

/** Stands between a client and a port of the loopback. */
export async function startTcpProxy(to: number): Promise<TcpProxy> {
  const open = new Set<{ readonly near: Socket; readonly far: Socket }>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    const pair = { near, far };
    open.add(pair);
    near.pipe(far);
    far.pipe(near);
    for (const socket of [near, far]) socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    pull: () => {
      for (const { near, far } of open) {
        near.unpipe(far);
        far.unpipe(near);
        // What still arrives is read and lost.
        near.resume();
        far.resume();
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const { near, far } of open) {
        near.destroy();
        far.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
