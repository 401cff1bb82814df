import { createHash, randomBytes, randomInt, X509Certificate } from 'node:crypto';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const word = (length: number): string =>
  Array.from({ length }, () => letters[randomInt(letters.length)] ?? '').join('');

/** A bootstrap token: 6 and 16 characters. */
export function randomToken(): { readonly id: string; readonly secret: string } {
  return { id: word(6), secret: word(16) };
}

/** 32 random bytes, hex. */
export function certificateKey(): string {
  return randomBytes(32).toString('hex');
}

/** The pin of an authority: SHA-256 of its public key's DER form. */
export function authorityPin(certificate: string): string {
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(key).digest('hex')}`;
}

/** The line that joins a worker; the real one's too ends with a space. */
export function joinCommand(endpoint: string, token: string, pin: string): string {
  return `kubeadm join ${endpoint} --token ${token} --discovery-token-ca-cert-hash ${pin} `;
}
