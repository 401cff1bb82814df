import { existsSync, readFileSync } from 'node:fs';
import { FlagError, isOn, option, type Parsed, parseFlags } from './flags.ts';
import { ensureLeaf, leaves } from './kubeadm-certs.ts';
import { type KubeadmInput, kubeadmInput, type NodeConfig, readDocuments } from './kubeadm-config.ts';
import { certsPhase, init, kubeconfigPhase, uploadCertsPhase } from './kubeadm-init.ts';
import { join } from './kubeadm-join.ts';
import { kubeconfigUsers } from './kubeadm-kubelet.ts';
import { imageList, manifestDir } from './kubeadm-manifests.ts';
import { initChecks, preflight, pullImages } from './kubeadm-preflight.ts';
import { certs } from './kubeadm-renew.ts';
import { reset } from './kubeadm-reset.ts';
import { token } from './kubeadm-token.ts';
import { upgrade } from './kubeadm-upgrade.ts';
import { shownVersion } from './name.ts';
import { Exit, print, printJson, program } from './program.ts';
import { certificateKey } from './secrets.ts';

const table = {
  values: [
    'config',
    'apiserver-advertise-address',
    'apiserver-bind-port',
    'apiserver-cert-extra-sans',
    'certificate-key',
    'certificate-renewal',
    'control-plane-endpoint',
    'cri-socket',
    'description',
    'discovery-token-ca-cert-hash',
    'etcd-upgrade',
    'ignore-preflight-errors',
    'image-repository',
    'kubeconfig',
    'kubernetes-version',
    'node-name',
    'output',
    'patches',
    'pod-network-cidr',
    'service-cidr',
    'service-dns-domain',
    'skip-phases',
    'token',
    'token-ttl',
    'ttl',
    'v',
  ],
  switches: [
    'control-plane',
    'discovery-token-unsafe-skip-ca-verification',
    'dry-run',
    'force',
    'help',
    'print-join-command',
    'upload-certs',
    'yes',
  ],
  short: { f: 'force', h: 'help', o: 'output', y: 'yes' },
};

/** The node that this is, as its own API server's manifest says; certificates are renewed for it. */
function thisNode(input: KubeadmInput): NodeConfig {
  const manifest = `${manifestDir}/kube-apiserver.yaml`;
  const found = existsSync(manifest)
    ? /advertise-address\.endpoint: (\S+):(\d+)/.exec(readFileSync(manifest, 'utf8'))
    : null;
  if (found === null) return input.node;
  return { ...input.node, advertiseAddress: found[1] ?? input.node.advertiseAddress, bindPort: Number(found[2]) };
}

function version(flags: Parsed): void {
  const gitVersion = shownVersion();
  const [, major = '', minor = ''] = /v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  if (option(flags, 'output') === 'short') return print(gitVersion);
  const info = { major, minor, gitVersion, gitTreeState: 'hlb test double', compiler: 'none', platform: 'linux/amd64' };
  if (option(flags, 'output') === 'json') return printJson({ clientVersion: info });
  print(
    `kubeadm version: hlb test double, &version.Info{Major:"${major}", Minor:"${minor}", GitVersion:"${gitVersion}"}`,
  );
}

/** `kubeadm init phase …`: the phases that people run by themselves. */
async function phase(flags: Parsed, input: KubeadmInput): Promise<void> {
  const [, , name, what = 'all'] = flags.rest;
  const { cluster, node } = input;
  switch (name ?? '') {
    case 'preflight':
      print('[preflight] Running pre-flight checks');
      await preflight(initChecks(cluster, node), node.ignore);
      return pullImages(cluster);
    case 'certs': {
      if (what === 'all') return certsPhase(cluster, node, true);
      const leaf = leaves.find((one) => one.title === what);
      if (leaf === undefined) throw new Exit(1, `error: invalid subcommand "${what}"`);
      return ensureLeaf(leaf, cluster, node);
    }
    case 'kubeconfig':
      return kubeconfigPhase(what === 'all' ? Object.keys(kubeconfigUsers) : [`${what}.conf`], cluster, node);
    case 'upload-certs':
      if (!isOn(flags, 'upload-certs')) return print('[upload-certs] Skipping phase. Please see --upload-certs');
      return uploadCertsPhase(input.certificateKey ?? certificateKey(), option(flags, 'kubeconfig'));
    default:
      throw new Exit(1, `error: the double of kubeadm does not know the phase "${name}"`);
  }
}

function config(flags: Parsed, input: KubeadmInput): Promise<void> | void {
  const [, command, what] = flags.rest;
  if (command === 'validate') {
    readDocuments(option(flags, 'config') ?? '');
    return print('ok');
  }
  if (command === 'images' && what === 'list') {
    const images = imageList(input.cluster);
    if (option(flags, 'output') !== 'json') return print(images.join('\n'));
    return printJson({ kind: 'Images', apiVersion: 'output.kubeadm.k8s.io/v1alpha3', images }, 4);
  }
  if (command === 'images' && what === 'pull') return pullImages(input.cluster);
  throw new Exit(1, 'error: missing subcommand; "config" is not meant to be run on its own');
}

program('kubeadm', async (argv) => {
  let flags: Parsed;
  try {
    flags = parseFlags(argv, table);
  } catch (error) {
    if (error instanceof FlagError)
      throw new Exit(1, `error: ${error.message}\nTo see the stack trace of this error execute with --v=5 or higher`);
    throw error;
  }
  const [command, sub] = flags.rest;
  if (command === 'version') return version(flags);
  const input = kubeadmInput({ ...flags, rest: command === 'join' ? flags.rest.slice(1) : [] });
  switch (command ?? '') {
    case 'init':
      return sub === 'phase' ? phase(flags, input) : init(input, isOn(flags, 'upload-certs'));
    case 'join':
      return join(input);
    case 'reset':
      return reset(flags);
    case 'token':
      return token(flags);
    case 'certs':
      return certs(flags, thisNode(input));
    case 'upgrade':
      return upgrade(flags, thisNode(input));
    case 'config':
      return config(flags, input);
    default:
      throw new Exit(
        1,
        `error: unknown command "${command ?? ''}" for "kubeadm"\nTo see the stack trace of this error execute with --v=5 or higher`,
      );
  }
});
