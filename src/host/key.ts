import { unreachable } from '../core/result.ts';
import type { Observation } from './observation.ts';
import { normalPath } from './path.ts';

/** The identity of a question, its options included: equal keys are one question. */
export function keyOf(observation: Observation): string {
  const { kind, ...rest } = observation;
  return `${kind} ${canonical(normalised(observation, rest))}`;
}

/** What a question is about, as changes name it: `file:/etc/x`, `unit:kubelet.service`, `user:x`, `mounts`. */
export function resourceOf(observation: Observation): string {
  switch (observation.kind) {
    case 'file':
    case 'directory':
      return `file:${normalPath(observation.path)}`;
    case 'glob':
      return `file:${globRoot(observation.pattern)}`;
    case 'unit':
    case 'package':
    case 'user':
    case 'group':
      return `${observation.kind}:${observation.name}`;
    case 'sysctl':
      return `sysctl:${observation.name.replaceAll('/', '.')}`;
    case 'kernel-module':
      return `kernel-module:${observation.name.replaceAll('-', '_')}`;
    case 'port':
      return `port:${observation.port}`;
    case 'http':
      return `http:${observation.url}`;
    case 'haproxy':
      return `haproxy:${observation.socket}`;
    case 'mounts':
    case 'swap':
    case 'hostname':
    case 'wait':
    case 'containers':
    case 'command':
    case 'system':
    case 'identity':
      return observation.kind;
    default:
      return unreachable(observation);
  }
}

/** The directory above the first part of a pattern that is no plain name. */
export function globRoot(pattern: string): string {
  const parts = normalPath(pattern).split('/');
  const magic = parts.findIndex((part) => /[*?[]/.test(part));
  return magic === -1 ? parts.join('/') : parts.slice(0, magic).join('/') || (pattern.startsWith('/') ? '/' : '.');
}

function normalised(observation: Observation, rest: object): object {
  if (observation.kind !== 'file' && observation.kind !== 'directory') return rest;
  return { ...rest, path: normalPath(observation.path), hashes: [...observation.hashes].sort() };
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}
