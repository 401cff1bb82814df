import { isIP } from 'node:net';

/** Address and port as one word, with the brackets that an IPv6 address needs. */
export function endpointText(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Whether two texts are one address, also where an IPv6 one is written in two ways. */
export function sameAddress(one: string, other: string): boolean {
  return plainAddress(one) === plainAddress(other);
}

/** One text for an address, however an IPv6 one is written. */
export function plainAddress(address: string): string {
  return isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address.toLowerCase();
}
