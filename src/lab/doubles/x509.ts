import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIPv4 } from 'node:net';
import { bits, integer, octets, oid, sequence, set, time, tlv, truth, utf8 } from './der.ts';

export interface KeyPair {
  readonly privatePem: string;
  readonly publicPem: string;
}

/** A P-256 key: a hundred times quicker to make than kubeadm's RSA-2048, and everything accepts it. */
export function newKeyPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    privatePem: privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

export interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

/** Who signs: a certificate and its key, PEM. */
export interface Authority {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateWish {
  readonly subject: Subject;
  readonly publicPem: string;
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  readonly use: 'authority' | 'client' | 'server' | 'both';
  readonly days: number;
}

const dayMs = 86_400_000;

function nameOf({ commonName, organizations = [] }: Subject): Buffer {
  const part = (type: string, value: string): Buffer => set(sequence(oid(type), utf8(value)));
  return sequence(...organizations.map((one) => part('2.5.4.10', one)), part('2.5.4.3', commonName));
}

function commonNameOf(certificate: string): string {
  return /CN=(.*)/.exec(new X509Certificate(certificate).subject)?.[1] ?? '';
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = address.split('::');
  const words = (text: string): readonly string[] => text.split(':').filter((word) => word !== '');
  const missing = 8 - words(head).length - words(tail).length;
  const all = [...words(head), ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...words(tail)];
  return Buffer.from(all.flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 0xff]));
}

const extension = (type: string, critical: boolean, value: Buffer): Buffer =>
  sequence(oid(type), ...(critical ? [truth(true)] : []), octets(value));

function extensions(wish: CertificateWish): Buffer {
  const isAuthority = wish.use === 'authority';
  const uses = {
    authority: [],
    client: ['1.3.6.1.5.5.7.3.2'],
    server: ['1.3.6.1.5.5.7.3.1'],
    both: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
  };
  const names = [
    ...(wish.names ?? []).map((name) => tlv(0x82, Buffer.from(name))),
    ...(wish.addresses ?? []).map((address) => tlv(0x87, addressBytes(address))),
  ];
  return sequence(
    // Digital signature and key encipherment; for an authority certificate signing as well.
    extension('2.5.29.15', true, isAuthority ? bits(Buffer.from([0xa4]), 2) : bits(Buffer.from([0xa0]), 5)),
    ...(uses[wish.use].length === 0 ? [] : [extension('2.5.29.37', false, sequence(...uses[wish.use].map(oid)))]),
    extension('2.5.29.19', true, isAuthority ? sequence(truth(true)) : sequence()),
    ...(names.length === 0 ? [] : [extension('2.5.29.17', false, sequence(...names))]),
  );
}

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;

/** Makes a certificate. Without an issuer it is signed by its own key, which `selfKey` then is. */
export function certify(wish: CertificateWish, issuer: Authority | { readonly selfKey: string }): string {
  const key: KeyObject = createPrivateKey('selfKey' in issuer ? issuer.selfKey : issuer.key);
  const issuerName =
    'selfKey' in issuer ? nameOf(wish.subject) : nameOf({ commonName: commonNameOf(issuer.certificate) });
  const algorithm =
    key.asymmetricKeyType === 'rsa'
      ? sequence(oid('1.2.840.113549.1.1.11'), tlv(0x05))
      : sequence(oid('1.2.840.10045.4.3.2'));
  const from = Date.now() - 60_000;
  const body = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    algorithm,
    issuerName,
    sequence(time(new Date(from)), time(new Date(from + wish.days * dayMs))),
    nameOf(wish.subject),
    createPublicKey(wish.publicPem).export({ type: 'spki', format: 'der' }),
    tlv(0xa3, extensions(wish)),
  );
  return pem(sequence(body, algorithm, bits(sign('sha256', body, key))));
}
