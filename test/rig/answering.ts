import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** What hosts of a cluster answer over HTTP, on this machine; closed when the test is over. */
export interface Answering {
  readonly port: number;
  /** What it answers from now on. */
  readonly say: (answer: string | number) => void;
}

/** An API server whose /readyz answers this status, at an address of the loopback. */
export async function apiServer(address = '127.0.0.1', status = 200): Promise<Answering> {
  const answer = { status };
  const listener: RequestListener = (_, response) => void response.writeHead(answer.status).end('ok');
  const port = await listening(createHttpsServer(certificate(), listener), address);
  return { port, say: (said) => void (answer.status = Number(said)) };
}

/** A balancer that hlb configured, which has loaded these servers: `cp1=1 cp2=0`. */
export async function balancer(servers: string): Promise<Answering> {
  const answer = { servers };
  const server = createHttpServer((request, response) => {
    const count = answer.servers.split('=1').length - 1;
    response.end(request.url === '/hlb-config' ? servedHash : `${count} ${answer.servers}`);
  });
  return { port: await listening(server), say: (said) => void (answer.servers = String(said)) };
}

export const servedHash = 'c663323af9c483fbecc46c5a3c0922753e6dbc75a4b438db581367c09e66de47';

async function listening(server: Server, host = '127.0.0.1'): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return address.port;
}

function certificate(): { readonly key: Buffer; readonly cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'hlb-api-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    execFileSync('openssl', [...words, '-subj', '/CN=kube-apiserver', '-keyout', key, '-out', cert], { stdio: 'pipe' });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
