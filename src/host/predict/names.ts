import { identity } from '../ask.ts';
import type { Facts } from '../facts.ts';
import { factOf, isAnswered } from '../facts.ts';

export interface Account {
  readonly id: number;
  readonly name: string;
}

/** The user behind a name or number, as far as the facts tell. A name goes before a number, as it does for chown. */
export function userNamed(facts: Facts, wanted: string): Account | undefined {
  return found(users(facts), wanted);
}

export function groupNamed(facts: Facts, wanted: string): Account | undefined {
  return found(groups(facts), wanted);
}

function found(all: readonly Account[], wanted: string): Account | undefined {
  return all.find((one) => one.name === wanted) ?? all.find((one) => String(one.id) === wanted);
}

function users(facts: Facts): readonly Account[] {
  const self = factOf(facts, identity());
  const seen = [...facts.values()].flatMap((known): readonly Account[] => {
    if (isAnswered(known, 'file')) return known.fact.exists ? [{ id: known.fact.uid, name: known.fact.owner }] : [];
    if (!isAnswered(known, 'user') || !known.fact.exists) return [];
    return [{ id: known.fact.uid, name: known.observation.name }];
  });
  return [{ id: 0, name: 'root' }, ...(self === undefined ? [] : [{ id: self.uid, name: self.owner }]), ...seen];
}

function groups(facts: Facts): readonly Account[] {
  const self = factOf(facts, identity());
  const seen = [...facts.values()].flatMap((known): readonly Account[] => {
    if (isAnswered(known, 'file')) return known.fact.exists ? [{ id: known.fact.gid, name: known.fact.group }] : [];
    if (!isAnswered(known, 'group') || !known.fact.exists) return [];
    return [{ id: known.fact.gid, name: known.observation.name }];
  });
  return [{ id: 0, name: 'root' }, ...(self === undefined ? [] : [{ id: self.gid, name: self.group }]), ...seen];
}
