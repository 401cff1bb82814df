import { z } from 'zod';
import { file } from '../host/ask.ts';
import { runShell } from '../module/change.ts';
import { defineModule } from '../module/define.ts';
import { adminKubeconfig, clusterCa } from '../module/kubernetes.ts';
import { bool, filledText, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';

const params = z.strictObject({
  ttl: withDefault(filledText(), '2h', 'How long the token can be used, such as "30m"; each run makes a new one'),
  certificate_key: withDefault(
    bool(),
    true,
    'Upload the shared certificates anew, for control planes that join; earlier keys are dead then',
  ),
});

const admin = file(adminKubeconfig);

/**
 * Token, CA hash and key, a line each. kubeadm prints warnings on stderr and the key as the last line; against a cluster
 * without quorum it never ends, hence the time limit.
 */
function script(ttl: string, key: boolean): string {
  return [
    'set -e',
    `export KUBECONFIG=${adminKubeconfig}`,
    `token=$(kubeadm token create --ttl '${ttl.replaceAll("'", '')}')`,
    `hash=$(openssl x509 -pubkey -noout -in ${clusterCa} | openssl pkey -pubin -outform der | openssl dgst -sha256 -hex | sed 's/^.* //')`,
    `key=${key ? '$(kubeadm init phase upload-certs --upload-certs | tail -n 1)' : ''}`,
    'printf "%s\\n%s\\n%s\\n" "$token" "$hash" "$key"',
  ].join('\n');
}

/** What a node needs to join: asked of a control plane, each time anew. */
export default defineModule({
  name: 'kubeadm_token',
  summary: 'Makes a join token, with the hash of the CA and the key of the shared certificates',
  examples: ['kubeadm_token:\n  ttl: 30m'],
  params,
  returns: z.object({
    token: z.string().meta({ description: 'Bootstrap token', secret: true }),
    ca_cert_hash: z.string().meta({ description: 'Such as "sha256:…", which the joining node pins' }),
    certificate_key: z
      .string()
      .meta({ description: 'Decrypts the shared certificates; empty where not asked for', secret: true }),
  }),
  convergence: () => 'always',
  observe: () => [admin],
  plan: (p, seen) => {
    if (!seen(admin).exists) {
      return refuse(`The host has no "${adminKubeconfig}": it is no control plane`, {
        help: 'Delegate this task to a control plane that is ready',
      });
    }
    return plan([runShell(script(p.ttl, p.certificate_key), { timeoutMs: 60_000, summary: 'kubeadm token create' })]);
  },
  result: (_params, _seen, _plan, done) => {
    const [only] = done;
    if (only?.status !== 'done') return { token: '', ca_cert_hash: '', certificate_key: '' };
    const [token = '', hash = '', key = ''] = only.stdout.split('\n');
    if (!/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(token) || !/^[0-9a-f]{64}$/.test(hash)) {
      return {
        failed: true,
        msg: 'kubeadm or openssl gave no token or hash of the expected form',
        token: '',
        ca_cert_hash: '',
        certificate_key: '',
      };
    }
    return { token, ca_cert_hash: `sha256:${hash}`, certificate_key: key };
  },
});
