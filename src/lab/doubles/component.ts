import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { apiClient } from './api-client.ts';
import { readKubeconfig } from './kubeconfig.ts';
import { Exit, ending, program } from './program.ts';
import { scaled } from './timing.ts';
import { certify, newKeyPair } from './x509.ts';

/** How long the real ones hold on to their lease without an API server before they end. */
const leaseMs = 15_000;

/** A component that is healthy while it runs, and ends when it has lost the API server for too long. */
export function component(name: string, port: number): void {
  program(name, async (argv) => {
    const kubeconfig = argv.find((word) => word.startsWith('--kubeconfig='))?.slice('--kubeconfig='.length) ?? '';
    const api = apiClient(readKubeconfig(readFileSync(kubeconfig, 'utf8')), 5000);
    const { privatePem, publicPem } = newKeyPair();
    const subject = { commonName: name };
    const cert = certify({ subject, publicPem, use: 'server', days: 365 }, { selfKey: privatePem });
    const server = createServer({ key: privatePem, cert }, (request, response) => {
      const isKnown = ['/healthz', '/livez', '/readyz'].includes(request.url ?? '');
      response.writeHead(isKnown ? 200 : 404, { 'content-type': 'text/plain' });
      response.end(isKnown ? 'ok' : '404 page not found\n');
    }).listen(port, '127.0.0.1');
    const life = ending();
    life.signal.addEventListener('abort', () => {
      server.close();
      server.closeAllConnections();
    });
    process.once('SIGTERM', life.end);
    let hasLed = false;
    let lastSeen = Date.now();
    while (!life.signal.aborted) {
      const isThere = await api.raw('GET', '/readyz').then(
        ({ code }) => code === 200,
        () => false,
      );
      if (isThere) {
        hasLed = true;
        lastSeen = Date.now();
      }
      if (hasLed && Date.now() - lastSeen > scaled(leaseMs)) {
        life.end();
        throw new Exit(1, 'leader election lost');
      }
      await life.wait(2000);
    }
  });
}
