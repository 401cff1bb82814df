import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { ApiError, apiClient, ConnectionError } from './api-client.ts';
import { signature } from './bootstrap-token.ts';
import { listAt, textAt, toJson } from './json.ts';
import type { JoinConfig } from './kubeadm-config.ts';
import type { Kubeconfig } from './kubeconfig.ts';
import { authorityPin } from './secrets.ts';
import { scaled } from './timing.ts';

/** Why the cluster could not be trusted or found: the end of kubeadm's message. */
export class DiscoveryError extends Error {}

const path = '/api/v1/namespaces/kube-public/configmaps/cluster-info';
/** An attempt that found no answer is repeated this often. */
const retryMs = 5000;

function describe(error: unknown, endpoint: string, isFirst: boolean): string {
  if (error instanceof ApiError) return `failed to request the cluster-info ConfigMap: ${error.message}`;
  if (!(error instanceof ConnectionError)) return String(error);
  // A listener without a server behind it cuts the connection: the real client's limiter then speaks first.
  if (error.kind === 'eof' && !isFirst) {
    return 'failed to request the cluster-info ConfigMap: client rate limiter Wait returned an error: context deadline exceeded - error from a previous attempt: EOF';
  }
  return `failed to request the cluster-info ConfigMap: Get "https://${endpoint}${path}?timeout=10s": ${error.message}`;
}

/** One look at cluster-info, without trusting who shows it. Gives the authority that it names once the token's signature is right. */
async function look(
  join: JoinConfig,
  id: string,
  secret: string,
): Promise<{ readonly ca: string; readonly server: string } | undefined> {
  const anyone = {
    server: `https://${join.endpoint}`,
    ca: undefined,
    certificate: undefined,
    key: undefined,
    token: undefined,
  };
  const info = await apiClient(anyone).get(path);
  const kubeconfig = textAt(info, 'data', 'kubeconfig') ?? '';
  const signed = textAt(info, 'data', `jws-kubeconfig-${id}`);
  if (signed === undefined) return undefined;
  if (signed !== signature({ id, secret }, kubeconfig)) {
    throw new DiscoveryError(
      "failed to verify JWS signature of received cluster info object, can't trust this API Server",
    );
  }
  const cluster = listAt(toJson(parse(kubeconfig)), 'clusters')[0];
  const ca = Buffer.from(textAt(cluster, 'cluster', 'certificate-authority-data') ?? '', 'base64').toString();
  const pin = authorityPin(ca);
  if (!join.unsafeSkipCaVerification && !join.caCertHashes.map((one) => one.toLowerCase()).includes(pin)) {
    throw new DiscoveryError(
      `cluster CA found in cluster-info ConfigMap is invalid: none of the public keys "${pin}" are pinned`,
    );
  }
  return { ca, server: textAt(cluster, 'cluster', 'server') ?? '' };
}

/**
 * Finds the cluster and makes sure that it is the right one. What may pass (nobody there, a token that is not known yet)
 * is tried again until the time-out; what cannot (a wrong pin, a wrong secret) fails at once.
 */
export async function discover(join: JoinConfig): Promise<Kubeconfig> {
  const [id = '', secret = ''] = join.token.split('.');
  const deadline = Date.now() + scaled(join.discoveryTimeoutMs);
  for (let tries = 0; ; tries++) {
    let why = `could not find a JWS signature in the cluster-info ConfigMap for token ID "${id}"`;
    try {
      const found = await look(join, id, secret);
      if (found !== undefined) {
        const trusting = {
          server: found.server,
          ca: found.ca,
          certificate: undefined,
          key: undefined,
          token: join.token,
        };
        await apiClient({ ...trusting, server: `https://${join.endpoint}` }).get(path);
        return trusting;
      }
    } catch (error) {
      if (error instanceof DiscoveryError) throw error;
      why = describe(error, join.endpoint, tries === 0);
    }
    if (Date.now() + scaled(retryMs) >= deadline) {
      await sleep(Math.max(0, deadline - Date.now()));
      throw new DiscoveryError(why);
    }
    await sleep(scaled(retryMs));
  }
}
