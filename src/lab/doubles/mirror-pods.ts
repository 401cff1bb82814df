import { type ApiClient, ApiError } from './api-client.ts';
import type { Container } from './cri.ts';
import { type Json, listAt, objectAt, textAt } from './json.ts';
import type { StaticPod } from './static-pods.ts';

const collection = (namespace: string): string => `/api/v1/namespaces/${namespace}/pods`;

function statusOf(pod: StaticPod, containers: readonly Container[], ip: string): Json {
  const statuses = pod.containers.map((wanted) => {
    const tries = containers.filter(
      (one) => one.labels['io.kubernetes.pod.uid'] === pod.uid && one.name === wanted.name,
    );
    const last = tries.sort((a, b) => b.attempt - a.attempt)[0];
    const isRunning = last?.state === 'CONTAINER_RUNNING';
    return {
      name: wanted.name,
      image: wanted.image,
      containerID: `containerd://${last?.id ?? ''}`,
      ready: isRunning,
      restartCount: last?.attempt ?? 0,
      state: isRunning
        ? { running: {} }
        : { waiting: { reason: last === undefined ? 'ContainerCreating' : 'CrashLoopBackOff' } },
    };
  });
  return { phase: 'Running', hostIP: ip, podIP: ip, containerStatuses: statuses };
}

/**
 * Shows the cluster the pods that this node runs from files. A mirror pod begins as Pending and tells the truth from
 * the next round on; that of a pod that is gone is deleted.
 */
export async function syncMirrorPods(
  api: ApiClient,
  node: { readonly name: string; readonly ip: string },
  pods: readonly StaticPod[],
  containers: readonly Container[],
): Promise<void> {
  const all = listAt(await api.get('/api/v1/pods'), 'items').filter(
    (one) => textAt(one, 'spec', 'nodeName') === node.name,
  );
  for (const pod of pods) {
    const path = `${collection(pod.namespace)}/${pod.name}`;
    const mirror = all.find((one) => textAt(one, 'metadata', 'name') === pod.name);
    const uid = textAt(mirror, 'metadata', 'annotations', 'kubernetes.io/config.mirror');
    if (mirror !== undefined && uid !== pod.uid) await remove(api, path);
    if (uid === pod.uid) {
      await api.send('PATCH', path, { status: statusOf(pod, containers, node.ip) });
      continue;
    }
    const metadata = {
      name: pod.name,
      namespace: pod.namespace,
      labels: pod.labels,
      annotations: {
        ...pod.annotations,
        'kubernetes.io/config.mirror': pod.uid,
        'kubernetes.io/config.source': 'file',
      },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node.name, controller: true }],
    };
    const spec = { ...objectAt(pod.manifest, 'spec'), nodeName: node.name };
    await api.send('POST', collection(pod.namespace), {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec,
      status: { phase: 'Pending' },
    });
  }
  const wanted = new Set(pods.map((pod) => pod.name));
  for (const one of all) {
    const name = textAt(one, 'metadata', 'name') ?? '';
    const isMirror = textAt(one, 'metadata', 'annotations', 'kubernetes.io/config.mirror') !== undefined;
    if (isMirror && !wanted.has(name))
      await remove(api, `${collection(textAt(one, 'metadata', 'namespace') ?? '')}/${name}`);
  }
}

async function remove(api: ApiClient, path: string): Promise<void> {
  try {
    await api.send('DELETE', path);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 404) throw error;
  }
}
