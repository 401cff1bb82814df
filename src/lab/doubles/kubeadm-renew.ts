import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { option, type Parsed } from './flags.ts';
import { klogHead } from './go-time.ts';
import { authorities, leaves, pkiDir, writeLeaf } from './kubeadm-certs.ts';
import { apiOf, fetchConfig } from './kubeadm-cluster.ts';
import type { NodeConfig } from './kubeadm-config.ts';
import { servers } from './kubeadm-init.ts';
import { kubeconfigUsers, writeKubeconfig } from './kubeadm-kubelet.ts';
import { readKubeconfig } from './kubeconfig.ts';
import { Exit, print, printJson, warn, write } from './program.ts';
import { certificateKey } from './secrets.ts';
import { drawTable } from './table.ts';

interface Expiry {
  readonly name: string;
  /** Undefined for a file that is not there. */
  readonly at: Date | undefined;
  readonly authority: string;
}

const endOf = (pem: string | undefined): Date | undefined =>
  pem === undefined ? undefined : new Date(new X509Certificate(pem).validTo);
const contentOf = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

function expiries(): readonly Expiry[] {
  const titles: Readonly<Record<string, string>> = Object.fromEntries(authorities.map((one) => [one.name, one.title]));
  const files = leaves.map((leaf) => ({
    name: leaf.title,
    at: endOf(contentOf(`${pkiDir}/${leaf.name}.crt`)),
    authority: titles[leaf.authority] ?? '',
  }));
  const confs = Object.keys(kubeconfigUsers).map((name) => {
    const text = contentOf(`/etc/kubernetes/${name}`);
    return { name, at: endOf(text === undefined ? undefined : readKubeconfig(text).certificate), authority: 'ca' };
  });
  return [...files, ...confs].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const authorityExpiries = (): readonly Expiry[] =>
  authorities.map(({ name, title }) => ({ name: title, at: endOf(contentOf(`${pkiDir}/${name}.crt`)), authority: '' }));

const rfc3339 = (date: Date): string => date.toISOString().replace(/\.\d+Z/, 'Z');
const residual = (date: Date): number => Math.floor((date.getTime() - Date.now()) / 1000);

function shownDate(date: Date): string {
  const [, , day, month, year, time] = /^(\w+), (\d+) (\w+) (\d+) (\d+:\d+)/.exec(date.toUTCString()) ?? [];
  return `${month} ${day}, ${year} ${time} UTC`;
}

function shownResidual(date: Date): string {
  const days = Math.floor(residual(date) / 86_400);
  return days >= 730 ? `${Math.floor(days / 365)}y` : `${days}d`;
}

function checkExpiration(flags: Parsed): void {
  const entry = ({ name, at, authority }: Expiry): object => ({
    name,
    ...(at === undefined ? {} : { expirationDate: rfc3339(at), residualTime: residual(at) }),
    externallyManaged: false,
    ...(authority === '' ? {} : { caName: authority }),
    missing: at === undefined,
  });
  if (option(flags, 'output') === 'json') {
    const apiVersion = 'output.kubeadm.k8s.io/v1alpha3';
    return printJson(
      {
        kind: 'CertificateExpirationInfo',
        apiVersion,
        certificates: expiries().map(entry),
        certificateAuthorities: authorityExpiries().map(entry),
      },
      4,
    );
  }
  print('');
  const rows = expiries().map(({ name, at, authority }) =>
    at === undefined
      ? [`!MISSING! ${name}`, '', '', '']
      : [name, shownDate(at), shownResidual(at), authority, 'no      '],
  );
  write(
    'stdout',
    drawTable(
      [['CERTIFICATE', 'EXPIRES', 'RESIDUAL TIME', 'CERTIFICATE AUTHORITY', 'EXTERNALLY MANAGED'], ...rows],
      8,
      3,
    ),
  );
  print('');
  const roots = authorityExpiries().flatMap(({ name, at }) =>
    at === undefined ? [] : [[name, shownDate(at), shownResidual(at), 'no      ']],
  );
  write(
    'stdout',
    drawTable([['CERTIFICATE AUTHORITY', 'EXPIRES', 'RESIDUAL TIME', 'EXTERNALLY MANAGED'], ...roots], 8, 3),
  );
}

async function renew(flags: Parsed, node: NodeConfig): Promise<void> {
  const wanted = flags.rest[2] ?? '';
  const { cluster } = await fetchConfig(apiOf());
  const isWanted = (name: string): boolean => wanted === 'all' || wanted === name;
  for (const leaf of leaves.filter((one) => isWanted(one.title))) {
    writeLeaf(leaf, cluster, node);
    print(`${leaf.renewed} renewed`);
  }
  for (const [name, { renewed }] of Object.entries(kubeconfigUsers)) {
    if (!isWanted(name)) continue;
    if (existsSync(`/etc/kubernetes/${name}`)) {
      writeKubeconfig(name, servers(cluster, node));
      print(`${renewed} renewed`);
    } else print(`MISSING! ${renewed}`);
  }
  print(
    '\nDone renewing certificates. You must restart the kube-apiserver, kube-controller-manager, kube-scheduler and etcd, so that they can use the new certificates.',
  );
}

/** `kubeadm certs certificate-key|check-expiration|renew`. */
export async function certs(flags: Parsed, node: NodeConfig): Promise<void> {
  const [, command] = flags.rest;
  if (command === 'certificate-key') return print(certificateKey());
  if (command !== 'check-expiration' && command !== 'renew')
    throw new Exit(1, 'error: missing subcommand; "certs" is not meant to be run on its own');
  const prefix = command === 'renew' ? 'renew' : 'check-expiration';
  if (existsSync('/etc/kubernetes/admin.conf')) {
    const out = option(flags, 'output') === 'json' ? warn : print;
    out(`[${prefix}] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...`);
    out(`[${prefix}] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.`);
    warn(
      `${klogHead('W', 'configset.go:77')}Warning: No kubeproxy.config.k8s.io/v1alpha1 config is loaded. Continuing without it: configmaps "kube-proxy" not found`,
    );
  }
  return command === 'renew' ? renew(flags, node) : checkExpiration(flags);
}
