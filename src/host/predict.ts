import { unreachable } from '../core/result.ts';
import type { Change, Run, WriteFile } from './change.ts';
import type { Facts, Known } from './facts.ts';
import { isAnswered } from './facts.ts';
import { globRoot, keyOf, resourceOf } from './key.ts';
import type { FileFact, Observation } from './observation.ts';
import { baseOf, normalPath, parentOf } from './path.ts';
import type { PathEffect } from './predict/file.ts';
import {
  directoriesOf,
  directoryEffect,
  makeLinkEffect,
  plainFact,
  removeEffect,
  setAttributesEffect,
  touchEffect,
  unknownEffect,
  writeFileEffect,
} from './predict/file.ts';
import { placeBehind, relationTo } from './predict/place.ts';

/**
 * The facts as they will be after the change: known where that is certain, otherwise unknown. Assumes that the change
 * succeeds, as nothing after a failed one is applied. Pure.
 */
export function predict(facts: Facts, change: Change): Facts {
  switch (change.kind) {
    case 'write-file':
      return hasSideEffects(change) ? nothingKnown(facts) : afterWrite(facts, change);
    case 'make-directory':
      return directoriesOf(change).reduce(
        (now, path) => afterPath(now, directoryEffect(now, change, path)),
        throughLink(facts, change.path, true),
      );
    case 'set-attributes':
      return afterPath(throughLink(facts, change.path, change.follow), setAttributesEffect(facts, change));
    case 'make-link':
      return afterPath(facts, makeLinkEffect(facts, change));
    case 'remove':
      return afterPath(facts, removeEffect(facts, change));
    case 'rename':
      return afterPath(
        afterPath(facts, unknownEffect(change.to)),
        removeEffect(facts, { kind: 'remove', path: change.from, recursive: true }),
      );
    case 'copy-path':
      return afterPath(throughLink(facts, change.to, true), unknownEffect(change.to));
    case 'touch':
      return afterPath(
        throughLink(facts, change.path, true),
        touchEffect(facts, change, plainFact(facts, change.path)),
      );
    case 'download':
      return afterPath(throughLink(facts, change.path, true), unknownEffect(change.path));
    case 'systemctl':
      return nothingKnown(facts, (known) => !isDynamic(known.observation) && known.observation.kind !== 'system');
    case 'run':
      return afterRun(facts, change);
    case 'start-job':
      return afterRun(facts, change.run);
    case 'wait-until':
      return nothingKnown(facts, (known) => !isDynamic(known.observation));
    case 'unpack':
    case 'reboot':
      return nothingKnown(facts);
    case 'transaction':
      return [...change.do, ...change.verify].reduce((now, one) => predict(now, one), facts);
    default:
      return unreachable(change);
  }
}

/** Whether a question has no answer now: never asked, or made unknown by a planned change. */
export function conflicts(facts: Facts, observation: Observation): boolean {
  return facts.get(keyOf(observation))?.fact === undefined;
}

/** The resource keys that a change touches; `*` for everything. */
export function touchedBy(change: Change): readonly string[] {
  switch (change.kind) {
    case 'write-file':
      return hasSideEffects(change) ? ['*'] : [`file:${normalPath(change.path)}`];
    case 'make-directory':
      return directoriesOf(change).map((path) => `file:${path}`);
    case 'set-attributes':
    case 'make-link':
    case 'remove':
    case 'touch':
    case 'download':
      return [`file:${normalPath(change.path)}`];
    case 'rename':
      return [`file:${normalPath(change.from)}`, `file:${normalPath(change.to)}`];
    case 'copy-path':
      return [`file:${normalPath(change.to)}`];
    case 'systemctl':
      return [change.unit === undefined ? 'unit:*' : `unit:${change.unit}`];
    case 'run':
      return change.touches ?? ['*'];
    case 'start-job':
      return change.run.touches ?? ['*'];
    case 'wait-until':
      return [];
    case 'unpack':
    case 'reboot':
      return ['*'];
    case 'transaction':
      return [...new Set([...change.do, ...change.undo].flatMap(touchedBy))];
    default:
      return unreachable(change);
  }
}

/** Checkers that are known to look and nothing else. Any other program may do anything. */
const harmlessCheckers = new Set([
  'apache2ctl',
  'apachectl',
  'bash',
  'dash',
  'grep',
  'haproxy',
  'httpd',
  'named-checkconf',
  'named-checkzone',
  'nginx',
  'promtool',
  'rsyslogd',
  'sh',
  'sshd',
  'systemd-analyze',
  'test',
  'true',
  'visudo',
]);

function hasSideEffects({ validate }: WriteFile): boolean {
  const program = baseOf(validate?.[0] ?? 'true');
  if (!harmlessCheckers.has(program)) return true;
  return ['sh', 'dash', 'bash'].includes(program) && validate?.[1] !== '-n';
}

function afterWrite(facts: Facts, change: WriteFile): Facts {
  const effect = writeFileEffect(facts, change, plainFact(facts, change.path));
  return afterPath(throughLink(facts, change.path, change.follow), effect);
}

/**
 * What a followed link leads to becomes unknown; every file where an earlier change may have made the path a link. (A link
 * that nobody ever asked about is not known to be one.)
 */
function throughLink(facts: Facts, path: string, follow: boolean): Facts {
  if (!follow) return facts;
  const wanted = normalPath(path);
  const about = [...facts.values()].filter(
    ({ observation }) => observation.kind === 'file' && normalPath(observation.path) === wanted,
  );
  if (about.length > 0 && about.every((known) => known.fact === undefined)) {
    return nothingKnown(
      facts,
      ({ observation }) => !['file', 'directory', 'glob', 'command'].includes(observation.kind),
    );
  }
  const place = placeBehind(facts, path);
  return place === undefined ? facts : afterPath(facts, unknownEffect(place));
}

function nothingKnown(facts: Facts, but: (known: Known) => boolean = () => false): Facts {
  return replaced(facts, (known) => (known.observation.kind === 'identity' || but(known) ? known.fact : undefined));
}

/** What changes by itself, or with what runs. */
function isDynamic(observation: Observation): boolean {
  return ['unit', 'port', 'http', 'wait', 'containers', 'haproxy', 'command', 'kernel-module'].includes(
    observation.kind,
  );
}

function afterRun(facts: Facts, change: Run): Facts {
  if (change.touches === undefined) return nothingKnown(facts);
  return change.touches.reduce(afterTouch, facts);
}

function afterTouch(facts: Facts, resource: string): Facts {
  if (resource.startsWith('file:')) {
    const path = resource.slice('file:'.length);
    return afterPath(throughLink(facts, path, true), unknownEffect(path));
  }
  const named = /^(user|group):(.*)$/.exec(resource);
  return replaced(facts, (known) => {
    const { observation, fact } = known;
    if (observation.kind === 'command' || observation.kind === 'system') return undefined;
    if (resourceOf(observation) === resource) return undefined;
    if (named === null) return fact;
    const [, kind = '', name = ''] = named;
    return concernsAccount(known, kind, name) ? undefined : fact;
  });
}

/** A file's owner may get a name, a user's groups change with a group, and `~x` moves. */
function concernsAccount(known: Known, kind: string, name: string): boolean {
  const { observation } = known;
  if (observation.kind === 'user' || observation.kind === 'group') return observation.kind !== kind;
  if (observation.kind !== 'file' && observation.kind !== 'directory') return false;
  if (kind === 'user' && (observation.path === `~${name}` || observation.path.startsWith(`~${name}/`))) return true;
  if (!isAnswered(known, 'file')) return observation.kind === 'directory';
  if (!known.fact.exists) return false;
  const own = kind === 'user' ? known.fact.owner : known.fact.group;
  return own === name || /^\d+$/.test(own);
}

function afterPath(facts: Facts, effect: PathEffect): Facts {
  const relationOf = relationTo(facts, effect.path);
  const parent = parentOf(normalPath(effect.path));
  return replaced(facts, (known) => {
    if (isAnswered(known, 'file')) {
      const { observation, fact } = known;
      switch (relationOf(observation.path, observation.follow)) {
        case 'same':
          return effect.same(observation, fact);
        case 'below':
          return effect.below(observation, fact);
        case 'unclear':
          return undefined;
        case 'above':
          return effect.relists && normalPath(observation.path) === parent ? relisted(observation.exact, fact) : fact;
        case 'apart':
          return fact;
      }
    }
    if (isAnswered(known, 'directory'))
      return relationOf(known.observation.path, true) === 'apart' ? known.fact : undefined;
    if (isAnswered(known, 'glob')) {
      const isApart = !effect.relists || relationOf(globRoot(known.observation.pattern), true) === 'apart';
      return isApart ? known.fact : undefined;
    }
    return known.observation.kind === 'command' ? undefined : known.fact;
  });
}

/** A directory that got or lost a name has another time, and perhaps another size. */
function relisted(exact: true | undefined, fact: FileFact): FileFact | undefined {
  if (exact === true) return undefined;
  return fact.exists && fact.type === 'directory'
    ? { ...fact, size: 0, mtime: 0, ctime: 0, links: 0, predicted: true }
    : fact;
}

function replaced(facts: Facts, now: (known: Known) => Known['fact']): Facts {
  return new Map(
    [...facts].map(([key, known]): [string, Known] => {
      if (known.fact === undefined) return [key, known];
      const fact = now(known);
      if (fact === known.fact) return [key, known];
      return [key, { observation: known.observation, ...(fact === undefined ? {} : { fact }) }];
    }),
  );
}
