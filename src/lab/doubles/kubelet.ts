import { existsSync, watch } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cri, containerdSocket, criClient } from './cri.ts';
import { klogHead } from './go-time.ts';
import { type KubeletConfig, kubeletConfig } from './kubelet-config.ts';
import { joinCluster } from './kubelet-node.ts';
import { shownVersion } from './name.ts';
import { type Backoffs, collectGarbage, endPod, type Log, lookAt, successorDelayMs, syncPod } from './pod-worker.ts';
import { Exit, print, program, warn } from './program.ts';
import { readManifests, type StaticPod } from './static-pods.ts';
import { scaled } from './timing.ts';

const log: Log = (level, place, message) => warn(`${klogHead(level, place)}${message}`);

/** Pods that are ended right now, and when the successor of an ended one may begin, by name. */
interface Turnover {
  readonly ending: Map<string, string>;
  readonly notBefore: Map<string, number>;
}

/** One look at the manifests and at the runtime, and what follows from it. */
async function syncAll(
  cri: Cri,
  config: KubeletConfig,
  backoffs: Backoffs,
  turnover: Turnover,
): Promise<readonly StaticPod[]> {
  if (config.staticPodPath === undefined) return [];
  const { pods, problems } = readManifests(config.staticPodPath, config.nodeName);
  for (const problem of problems) log('E', 'file.go:184', problem);
  const seen = await lookAt(cri);
  const wanted = new Set(pods.map((pod) => pod.uid));
  for (const sandbox of seen.sandboxes) {
    const uid = sandbox.labels['io.kubernetes.pod.uid'] ?? '';
    if (wanted.has(uid) || turnover.ending.has(uid)) continue;
    turnover.ending.set(uid, sandbox.name);
    log('I', 'kubelet.go:2553', `"SyncLoop REMOVE" source="file" pods=["${sandbox.namespace}/${sandbox.name}"]`);
    endPod(cri, uid, seen)
      .catch((error: unknown) =>
        log('E', 'pod_workers.go:1324', `"Error syncing pod, skipping" err=${JSON.stringify(String(error))}`),
      )
      .finally(() => {
        turnover.ending.delete(uid);
        turnover.notBefore.set(sandbox.name, Date.now() + scaled(successorDelayMs));
      });
  }
  const predecessors = new Set(turnover.ending.values());
  for (const pod of pods) {
    const isFree = !predecessors.has(pod.name) && (turnover.notBefore.get(pod.name) ?? 0) <= Date.now();
    if (isFree) await syncPod(cri, pod, seen, { cgroupDriver: config.cgroupDriver, backoffs, log });
  }
  return pods;
}

/** Port 10250 is taken, whoever asks gets no answer; 10248 says "ok" to anyone. */
function listen(config: KubeletConfig): void {
  createServer((socket) => socket.destroy()).listen(config.port, config.address === '0.0.0.0' ? '::' : config.address);
  createHttpServer((request, response) => {
    const isKnown = request.url === '/healthz';
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(isKnown ? 'ok' : '404 page not found\n');
  }).listen(config.healthz.port, config.healthz.address);
}

/** Resolves when a manifest changed or the time is up, whichever is first. */
function changeOrTimeout(dir: string | undefined, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const watcher = dir !== undefined && existsSync(dir) ? watch(dir) : undefined;
    const end = (): void => {
      clearTimeout(timer);
      watcher?.close();
      resolve();
    };
    const timer = setTimeout(end, ms);
    watcher?.on('change', end);
    watcher?.on('error', end);
  });
}

/** Like the real one's relist: how soon a death is noticed. */
const relistMs = 700;
const garbageEveryMs = 60_000;

async function run(config: KubeletConfig): Promise<void> {
  if (config.kubeconfig === undefined) {
    log('I', 'server.go:631', '"Standalone mode, no API client"');
    log('I', 'kubelet.go:488', '"kubeclient not set, assuming standalone kubelet"');
    log('I', 'kubelet_node_status.go:88', '"No API server defined - no node status update will be sent"');
  }
  await sleep(300);
  listen(config);
  let client = criClient(config.socket ?? containerdSocket);
  const backoffs: Backoffs = new Map();
  const turnover: Turnover = { ending: new Map(), notBefore: new Map() };
  let pods: readonly StaticPod[] = [];
  joinCluster(
    config,
    () => client,
    () => pods,
    log,
  );
  await sleep(400);
  let collectedAt = Date.now();
  for (;;) {
    try {
      pods = await syncAll(client, config, backoffs, turnover);
      if (Date.now() - collectedAt > garbageEveryMs) {
        collectedAt = Date.now();
        await collectGarbage(client, await lookAt(client));
      }
    } catch (error) {
      log('E', 'generic.go:256', `"GenericPLEG: Unable to retrieve pods" err=${JSON.stringify(String(error))}`);
      client.close();
      await sleep(500);
      client = criClient(config.socket ?? containerdSocket);
    }
    await changeOrTimeout(config.staticPodPath, relistMs);
  }
}

program(
  'kubelet',
  async (argv) => {
    if (argv.includes('--version')) return print(`Kubernetes ${shownVersion()}`);
    warn(`# hlb test double of kubelet ${shownVersion()}`);
    try {
      await run(kubeletConfig(argv));
    } catch (error) {
      if (error instanceof Exit) throw new Exit(error.code, `${klogHead('E', 'run.go:72')}${error.message}`);
      throw error;
    }
  },
  false,
);
