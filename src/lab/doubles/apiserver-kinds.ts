import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { User } from './apiserver-auth.ts';
import type { Resource } from './apiserver-routes.ts';
import type { ObjectStore } from './apiserver-store.ts';
import { isLive, signature, tokenOf } from './bootstrap-token.ts';
import { type Json, type JsonObject, listAt, objectAt, textAt } from './json.ts';
import { scaled } from './timing.ts';
import { certify } from './x509.ts';

/** How long the real controller waits for a node's report before it calls the node unknown. */
const graceMs = 50_000;

/** A node whose kubelet has been silent for long is neither ready nor not: nobody knows. */
function withReadiness(node: JsonObject): JsonObject {
  const conditions = listAt(node, 'status', 'conditions').map((condition): Json => {
    const beat = Date.parse(textAt(condition, 'lastHeartbeatTime') ?? '');
    if (Number.isNaN(beat) || Date.now() - beat < scaled(graceMs)) return condition;
    return {
      ...objectAt(condition),
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    };
  });
  return { ...node, status: { ...objectAt(node, 'status'), conditions } };
}

/** cluster-info with a signature for each token that lives and may sign: the real one's controller keeps it so. */
async function withSignatures(info: JsonObject, store: ObjectStore): Promise<JsonObject> {
  const kubeconfig = textAt(info, 'data', 'kubeconfig') ?? '';
  const secrets = await store.list({
    group: '',
    version: 'v1',
    kind: 'secrets',
    namespace: 'kube-system',
    name: undefined,
  });
  const tokens = secrets.filter((one) => textAt(one, 'type') === 'bootstrap.kubernetes.io/token').map(tokenOf);
  const signatures = tokens
    .filter((token) => isLive(token) && token.usages.includes('signing'))
    .map((token) => [`jws-kubeconfig-${token.id}`, signature(token, kubeconfig)] as const);
  return { ...info, data: { ...Object.fromEntries(signatures), kubeconfig } };
}

/** What the real control plane adds to an object between its store and the one who asks. */
export async function presented(resource: Resource, object: JsonObject, store: ObjectStore): Promise<JsonObject> {
  if (resource.kind === 'nodes') return withReadiness(object);
  if (resource.kind === 'configmaps' && textAt(object, 'metadata', 'name') === 'cluster-info')
    return withSignatures(object, store);
  return object;
}

/**
 * A request for a certificate, approved and signed at once as the controllers do for a node's own: the double's request
 * is the public key, PEM, instead of a PKCS #10 structure.
 */
export function signedRequest(body: Json, user: User, clientCaFile: string): Json {
  const node = textAt(body, 'metadata', 'labels', 'hlb.test-double/node') ?? '';
  const certificate = certify(
    {
      subject: { commonName: `system:node:${node}`, organizations: ['system:nodes'] },
      publicPem: Buffer.from(textAt(body, 'spec', 'request') ?? '', 'base64').toString(),
      use: 'client',
      days: 365,
    },
    {
      certificate: readFileSync(clientCaFile, 'utf8'),
      key: readFileSync(join(dirname(clientCaFile), 'ca.key'), 'utf8'),
    },
  );
  return {
    ...objectAt(body),
    spec: { ...objectAt(body, 'spec'), username: user.name },
    status: {
      certificate: Buffer.from(certificate).toString('base64'),
      conditions: [{ type: 'Approved', status: 'True', reason: 'AutoApproved' }],
    },
  };
}
