import { lookup } from 'node:dns/promises';

/** The IPv4 address of a name as the host knows it (/etc/hosts first); undefined when it does not. */
export async function resolve4(name: string): Promise<string | undefined> {
  try {
    return (await lookup(name, 4)).address;
  } catch {
    return undefined;
  }
}
