import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { authorityPin } from '../../../../src/lab/doubles/secrets.ts';
import { certify, newKeyPair } from '../../../../src/lab/doubles/x509.ts';

describe('a certificate', () => {
  const ca = newKeyPair();
  const root = certify(
    { subject: { commonName: 'kubernetes' }, publicPem: ca.publicPem, use: 'authority', days: 3650 },
    { selfKey: ca.privatePem },
  );

  it('of an authority is signed by itself', () => {
    const read = new X509Certificate(root);
    expect([read.subject, read.issuer, read.ca]).toEqual(['CN=kubernetes', 'CN=kubernetes', true]);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(authorityPin(root)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('of a server is good for its names and addresses, by that authority', () => {
    const { publicPem } = newKeyPair();
    const wish = {
      subject: { commonName: 'kube-apiserver' },
      publicPem,
      use: 'server' as const,
      days: 365,
      names: ['cp1', 'localhost'],
      addresses: ['10.96.0.1', '::1', 'fd00::12:1'],
    };
    const read = new X509Certificate(certify(wish, { certificate: root, key: ca.privatePem }));
    expect(read.checkIssued(new X509Certificate(root))).toBe(true);
    expect(read.verify(new X509Certificate(root).publicKey)).toBe(true);
    expect(read.checkHost('cp1')).toBe('cp1');
    for (const address of ['10.96.0.1', '::1', 'fd00::12:1']) expect(read.checkIP(address)).toBe(address);
    expect(read.checkIP('10.96.0.2')).toBeUndefined();
    expect(read.ca).toBe(false);
    expect((Date.parse(read.validTo) - Date.parse(read.validFrom)) / 86_400_000).toBe(365);
  });

  it('of a client has its groups', () => {
    const { publicPem } = newKeyPair();
    const wish = {
      subject: { commonName: 'system:node:w1', organizations: ['system:nodes'] },
      publicPem,
      use: 'client' as const,
      days: 1,
    };
    expect(new X509Certificate(certify(wish, { certificate: root, key: ca.privatePem })).subject).toBe(
      'O=system:nodes\nCN=system:node:w1',
    );
  });

  it('lives past 2050', () => {
    const { privatePem, publicPem } = newKeyPair();
    const long = certify(
      { subject: { commonName: 'old' }, publicPem, use: 'authority', days: 36_500 },
      { selfKey: privatePem },
    );
    expect(new Date(new X509Certificate(long).validTo).getUTCFullYear()).toBeGreaterThan(2100);
  });
});
