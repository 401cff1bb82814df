import type { Facts } from '../facts.ts';
import { isAnswered } from '../facts.ts';
import { isWithin, normalPath, parentOf } from '../path.ts';

/** How a path lies to the one that a change is about; `unclear` where a link or a `~` may make them the same. */
export type Relation = 'same' | 'below' | 'above' | 'apart' | 'unclear';

/**
 * Relations of any path to this one, with the symlinks that the facts know of. `follow` says of the other path whether
 * the link that it may be is meant, or what that leads to; of this one the link itself is meant.
 */
export function relationTo(facts: Facts, path: string): (other: string, follow: boolean) => Relation {
  const links = linksIn(facts);
  const own = normalPath(path);
  const real = resolved(links, own, false);
  return (other, follow) => {
    const plain = normalPath(other);
    const direct = relation(plain, own);
    if (direct !== 'apart') return direct;
    if (homeOf(plain) !== homeOf(own)) return 'unclear';
    return links.size === 0 || relation(resolved(links, plain, follow), real) === 'apart' ? 'apart' : 'unclear';
  };
}

function relation(path: string, own: string): Relation {
  if (path === own) return 'same';
  if (isWithin(path, own)) return 'below';
  return isWithin(own, path) ? 'above' : 'apart';
}

/** `~x`, whose place only the host knows. */
const homeOf = (path: string): string => (path.startsWith('~') ? (path.split('/')[0] ?? '') : '');

function linksIn(facts: Facts): ReadonlyMap<string, string> {
  const links = new Map<string, string>();
  for (const known of facts.values()) {
    if (!isAnswered(known, 'file') || !known.fact.exists) continue;
    const path = normalPath(known.observation.path);
    const { target, place } = known.fact;
    if (target !== undefined && !links.has(path)) links.set(path, targetPath(path, target));
    if (place !== undefined) links.set(path, place);
  }
  return links;
}

/** Where a path leads by the symlinks that the facts know of; undefined where it is no link. */
export function placeBehind(facts: Facts, path: string): string | undefined {
  const own = normalPath(path);
  const place = resolved(linksIn(facts), own, true);
  return place === own ? undefined : place;
}

/** Where a link leads, `..` taken out. */
function targetPath(link: string, target: string): string {
  const joined = target.startsWith('/') ? target : `${parentOf(link)}/${target}`;
  const parts: string[] = [];
  for (const part of normalPath(joined).split('/')) {
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return normalPath(parts.join('/') || '/');
}

function resolved(links: ReadonlyMap<string, string>, path: string, follow: boolean): string {
  let current = path;
  for (let hops = 0; hops < 16; hops += 1) {
    const link = [...links.keys()].find((one) => isWithin(current, one) && (follow || one !== current));
    if (link === undefined) return current;
    current = normalPath(`${links.get(link) ?? ''}${current.slice(link.length)}`);
  }
  return current;
}
