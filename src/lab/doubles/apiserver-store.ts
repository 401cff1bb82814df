import { randomUUID } from 'node:crypto';
import { kindName, qualifiedKind, type Resource, storageKey } from './apiserver-routes.ts';
import { type Answer, failure, notFound } from './apiserver-status.ts';
import type { EtcdClient, EtcdEntry } from './etcd-client.ts';
import { isList, type Json, type JsonObject, objectAt, parseJson, textAt } from './json.ts';

/** JSON merge patch (RFC 7396). */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (patch === null || typeof patch !== 'object' || isList(patch)) return patch;
  const base = objectAt(target);
  const merged: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

/** An entry of etcd as an object: its revision is the object's version. */
export function objectOf(entry: EtcdEntry): JsonObject {
  const value = objectAt(parseJson(entry.value));
  return { ...value, metadata: { ...objectAt(value, 'metadata'), resourceVersion: entry.revision } };
}

function stored(resource: Resource, body: Json, name: string): JsonObject {
  const metadata = objectAt(body, 'metadata');
  const { resourceVersion: _, ...rest } = metadata;
  return {
    kind: kindName(resource.kind),
    apiVersion: resource.group === '' ? resource.version : `${resource.group}/${resource.version}`,
    ...objectAt(body),
    metadata: {
      creationTimestamp: new Date().toISOString().replace(/\.\d+Z/, 'Z'),
      uid: randomUUID(),
      ...rest,
      name,
      ...(resource.namespace === undefined ? {} : { namespace: resource.namespace }),
    },
  };
}

const conflict = (resource: Resource, name: string): Answer =>
  failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedKind(resource)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
  );

/** The verbs of the API on objects kept in etcd: what every kind has in common. */
export function objectStore(etcd: EtcdClient) {
  const write = async (resource: Resource, object: JsonObject, revision: string, code: number): Promise<Answer> => {
    const name = resource.name ?? '';
    const key = storageKey(resource);
    const done = await etcd.putIf(key, JSON.stringify(object), revision);
    if (done !== undefined) return { code, body: objectOf({ key, value: JSON.stringify(object), revision: done }) };
    if (revision !== '0') return conflict(resource, name);
    return failure(409, 'AlreadyExists', `${qualifiedKind(resource)} "${name}" already exists`);
  };
  const get = async (resource: Resource): Promise<JsonObject | undefined> => {
    const entry = await etcd.get(storageKey(resource));
    return entry === undefined ? undefined : objectOf(entry);
  };
  return {
    get,
    /** Every object of a kind, in every namespace when none is named. */
    list: async (resource: Resource): Promise<readonly JsonObject[]> =>
      (await etcd.list(storageKey({ ...resource, name: undefined }))).map(objectOf),
    create: (resource: Resource, body: Json): Promise<Answer> => {
      const name = resource.name ?? textAt(body, 'metadata', 'name') ?? '';
      return write({ ...resource, name }, stored(resource, body, name), '0', 201);
    },
    update: async (resource: Resource, body: Json): Promise<Answer> => {
      const name = resource.name ?? '';
      const before = await get(resource);
      if (before === undefined) return notFound(qualifiedKind(resource), name);
      const wanted = textAt(body, 'metadata', 'resourceVersion');
      const current = textAt(before, 'metadata', 'resourceVersion') ?? '0';
      if (wanted !== undefined && wanted !== '' && wanted !== current) return conflict(resource, name);
      const { uid, creationTimestamp } = objectAt(before, 'metadata');
      const kept = mergePatch(body, { metadata: { uid: uid ?? '', creationTimestamp: creationTimestamp ?? '' } });
      return write(resource, stored(resource, kept, name), current, 200);
    },
    patch: async (resource: Resource, body: Json): Promise<Answer> => {
      const name = resource.name ?? '';
      for (let tries = 0; tries < 5; tries++) {
        const before = await get(resource);
        if (before === undefined) return notFound(qualifiedKind(resource), name);
        const current = textAt(before, 'metadata', 'resourceVersion') ?? '0';
        const answer = await write(resource, stored(resource, mergePatch(before, body), name), current, 200);
        if (answer.code !== 409) return answer;
      }
      return conflict(resource, name);
    },
    remove: async (resource: Resource): Promise<Answer> => {
      const name = resource.name ?? '';
      if (!(await etcd.delete(storageKey(resource)))) return notFound(qualifiedKind(resource), name);
      return {
        code: 200,
        body: {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Success',
          details: { name, kind: resource.kind },
        },
      };
    },
  };
}
export type ObjectStore = ReturnType<typeof objectStore>;
