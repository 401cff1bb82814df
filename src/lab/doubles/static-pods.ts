import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { at, type Json, listAt, textAt, textsAt, toJson } from './json.ts';

/** A pod as a manifest describes it. */
export interface StaticPod {
  /** With the node's name behind it, as the kubelet names static pods. */
  readonly name: string;
  readonly namespace: string;
  /** Of the manifest's bytes, its path and the node's name: the same bytes are the same pod. */
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly graceSeconds: number;
  readonly hostAliases: readonly { readonly ip: string; readonly names: readonly string[] }[];
  readonly volumes: readonly Volume[];
  readonly containers: readonly PodContainer[];
  /** The manifest itself, for the mirror pod. */
  readonly manifest: Json;
}

export interface Volume {
  readonly name: string;
  /** Undefined for an emptyDir. */
  readonly hostPath: string | undefined;
  /** hostPath's type: Directory, File, DirectoryOrCreate, FileOrCreate, or none. */
  readonly type: string;
}

export interface PodContainer {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly key: string; readonly value: string }[];
  readonly mounts: readonly {
    readonly volume: string;
    readonly path: string;
    readonly subPath: string;
    readonly readonly: boolean;
  }[];
  readonly addCapabilities: readonly string[];
  readonly dropCapabilities: readonly string[];
  readonly privileged: boolean;
  readonly runAsUser: number | undefined;
  /** What changes when the container does: 8 hex digits. */
  readonly hash: string;
}

export interface Manifests {
  readonly pods: readonly StaticPod[];
  /** What the kubelet logs of files that it cannot use. */
  readonly problems: readonly string[];
}

const texts = (value: Json | undefined, ...path: readonly string[]): readonly string[] =>
  listAt(value, ...path).flatMap((one) => (typeof one === 'string' ? [one] : []));

function environment(container: Json, fields: Readonly<Record<string, string>>): PodContainer['env'] {
  return listAt(container, 'env').map((one) => {
    const field = textAt(one, 'valueFrom', 'fieldRef', 'fieldPath');
    return { key: textAt(one, 'name') ?? '', value: textAt(one, 'value') ?? fields[field ?? ''] ?? '' };
  });
}

function containerOf(container: Json, fields: Readonly<Record<string, string>>): PodContainer {
  const user = at(container, 'securityContext', 'runAsUser');
  return {
    name: textAt(container, 'name') ?? '',
    image: textAt(container, 'image') ?? '',
    command: texts(container, 'command'),
    args: texts(container, 'args'),
    env: environment(container, fields),
    mounts: listAt(container, 'volumeMounts').map((mount) => ({
      volume: textAt(mount, 'name') ?? '',
      path: textAt(mount, 'mountPath') ?? '',
      subPath: textAt(mount, 'subPath') ?? '',
      readonly: at(mount, 'readOnly') === true,
    })),
    addCapabilities: texts(container, 'securityContext', 'capabilities', 'add'),
    dropCapabilities: texts(container, 'securityContext', 'capabilities', 'drop'),
    privileged: at(container, 'securityContext', 'privileged') === true,
    runAsUser: typeof user === 'number' ? user : undefined,
    hash: createHash('sha256').update(JSON.stringify(container)).digest('hex').slice(0, 8),
  };
}

/** Reads one manifest; throws with the reason when it is none. */
export function readManifest(text: string, path: string, nodeName: string): StaticPod {
  const manifest = toJson(parse(text));
  if (textAt(manifest, 'kind') !== 'Pod') throw new Error(`invalid pod: ${JSON.stringify(manifest).slice(0, 100)}`);
  const name = `${textAt(manifest, 'metadata', 'name') ?? ''}-${nodeName}`;
  const namespace = textAt(manifest, 'metadata', 'namespace') ?? 'default';
  const uid =
    textAt(manifest, 'metadata', 'uid') ??
    createHash('md5').update(`host:${nodeName}file:${path}`).update(text).digest('hex');
  const grace = at(manifest, 'spec', 'terminationGracePeriodSeconds');
  const fields = {
    'spec.nodeName': nodeName,
    'metadata.name': name,
    'metadata.namespace': namespace,
    'metadata.uid': uid,
  };
  return {
    name,
    namespace,
    uid,
    labels: textsAt(manifest, 'metadata', 'labels'),
    annotations: textsAt(manifest, 'metadata', 'annotations'),
    graceSeconds: typeof grace === 'number' ? grace : 30,
    hostAliases: listAt(manifest, 'spec', 'hostAliases').map((alias) => ({
      ip: textAt(alias, 'ip') ?? '',
      names: texts(alias, 'hostnames'),
    })),
    volumes: listAt(manifest, 'spec', 'volumes').map((volume) => ({
      name: textAt(volume, 'name') ?? '',
      hostPath: textAt(volume, 'hostPath', 'path'),
      type: textAt(volume, 'hostPath', 'type') ?? '',
    })),
    containers: listAt(manifest, 'spec', 'containers').map((container) => containerOf(container, fields)),
    manifest,
  };
}

/** Every file of the directory whose name does not begin with a dot, whatever it ends with. */
export function readManifests(dir: string, nodeName: string): Manifests {
  if (!existsSync(dir))
    return {
      pods: [],
      problems: [`"Unable to read config path" err="path does not exist, ignoring" path=${JSON.stringify(dir)}`],
    };
  const pods: StaticPod[] = [];
  const problems: string[] = [];
  for (const name of readdirSync(dir)
    .filter((one) => !one.startsWith('.'))
    .sort()) {
    const path = join(dir, name);
    try {
      if (statSync(path).isDirectory()) continue;
      pods.push(readManifest(readFileSync(path, 'utf8'), path, nodeName));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problems.push(
        `"Could not process manifest file" err=${JSON.stringify(`${path}: couldn't parse as pod(${reason}), please check config file`)}`,
      );
    }
  }
  return { pods, problems };
}
