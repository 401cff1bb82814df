import { Agent, request } from 'node:https';
import { at, type Json, listAt, parseJson, textAt } from './json.ts';

/** Who asks etcd, and where it may be asked. */
export interface EtcdAccess {
  readonly endpoints: readonly string[];
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** What etcd refused, in its words; "context deadline exceeded" when it gave no answer. */
export class EtcdError extends Error {}

export interface EtcdMember {
  /** 64 bits, decimal: JSON numbers cannot hold it. */
  readonly id: string;
  /** Empty until it has started. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
}

export interface EtcdEntry {
  readonly key: string;
  readonly value: string;
  readonly revision: string;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const unbase64 = (text: string | undefined): string => Buffer.from(text ?? '', 'base64').toString();

function post(
  endpoint: string,
  path: string,
  body: Json,
  access: EtcdAccess,
  agent: Agent,
  timeoutMs: number,
): Promise<Json> {
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, endpoint),
      { method: 'POST', agent, ca: access.ca, cert: access.certificate, key: access.key },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          clearTimeout(timer);
          const value = parseJson(Buffer.concat(chunks).toString() || 'null');
          if (answer.statusCode === 200) resolve(value);
          else reject(new EtcdError(textAt(value, 'message') ?? textAt(value, 'error') ?? `HTTP ${answer.statusCode}`));
        });
      },
    );
    const timer = setTimeout(() => sent.destroy(new EtcdError('context deadline exceeded')), timeoutMs);
    sent.on('error', (error) => {
      clearTimeout(timer);
      reject(error instanceof EtcdError ? error : new EtcdError(error.message));
    });
    sent.end(JSON.stringify(body));
  });
}

const memberOf = (one: Json): EtcdMember => ({
  id: textAt(one, 'ID') ?? '',
  name: textAt(one, 'name') ?? '',
  peerUrls: listAt(one, 'peerURLs').map(String),
  clientUrls: listAt(one, 'clientURLs').map(String),
  isLearner: at(one, 'isLearner') === true,
});

/** A client of etcd's JSON gateway. The first endpoint that can be reached is asked. */
export function etcdClient(access: EtcdAccess, timeoutMs = 5000) {
  const agent = new Agent({ keepAlive: true });
  const call = async (path: string, body: Json): Promise<Json> => {
    let last: unknown = new EtcdError('no endpoints available');
    for (const endpoint of access.endpoints) {
      try {
        return await post(endpoint, path, body, access, agent, timeoutMs);
      } catch (error) {
        last = error;
        if (error instanceof EtcdError && !/ECONNREFUSED|EHOSTUNREACH|deadline|ECONNRESET/.test(error.message))
          throw error;
      }
    }
    throw last;
  };
  const range = async (body: Json): Promise<readonly EtcdEntry[]> =>
    listAt(await call('/v3/kv/range', body), 'kvs').map((one) => ({
      key: unbase64(textAt(one, 'key')),
      value: unbase64(textAt(one, 'value')),
      revision: textAt(one, 'mod_revision') ?? '0',
    }));
  return {
    members: async (): Promise<readonly EtcdMember[]> =>
      listAt(await call('/v3/cluster/member/list', {}), 'members').map(memberOf),
    addLearner: async (peerUrl: string): Promise<readonly EtcdMember[]> =>
      listAt(await call('/v3/cluster/member/add', { peerURLs: [peerUrl], isLearner: true }), 'members').map(memberOf),
    promote: (id: string): Promise<Json> => call('/v3/cluster/member/promote', { ID: id }),
    remove: (id: string): Promise<Json> => call('/v3/cluster/member/remove', { ID: id }),
    get: async (key: string): Promise<EtcdEntry | undefined> => (await range({ key: base64(key) }))[0],
    list: (prefix: string): Promise<readonly EtcdEntry[]> =>
      range({
        key: base64(prefix),
        range_end: base64(`${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)}`),
      }),
    /** Writes only if the key is still at `revision` ("0": does not exist yet); gives the new revision, or undefined. */
    putIf: async (key: string, value: string, revision: string): Promise<string | undefined> => {
      const answer = await call('/v3/kv/txn', {
        compare: [{ key: base64(key), target: 'MOD', result: 'EQUAL', mod_revision: revision }],
        success: [{ request_put: { key: base64(key), value: base64(value) } }],
      });
      const isDone = at(answer, 'succeeded') === true;
      return isDone ? (textAt(answer, 'header', 'revision') ?? '0') : undefined;
    },
    delete: async (key: string): Promise<boolean> =>
      Number(textAt(await call('/v3/kv/deleterange', { key: base64(key) }), 'deleted') ?? 0) > 0,
  };
}
export type EtcdClient = ReturnType<typeof etcdClient>;
