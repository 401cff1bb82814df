/** A host to go through, as ProxyJump writes it: `[user@]host[:port]`, or an ssh URI. */
export interface Jump {
  readonly user?: string;
  readonly host: string;
  readonly port?: number;
}

export function parseJump(text: string): Jump | undefined {
  const match = /^(?:ssh:\/\/)?(?:(?<user>.+)@)?(?:\[(?<six>[^\]]+)\]|(?<host>[^:@]+))(?::(?<port>\d+))?\/?$/.exec(
    text.trim(),
  );
  const { user, six, host = six, port } = match?.groups ?? {};
  if (host === undefined) return undefined;
  return { host, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port: Number(port) }) };
}
