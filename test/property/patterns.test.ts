import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addHost, addToGroup } from '../../src/inventory/change.ts';
import { newDraft } from '../../src/inventory/draft.ts';
import type { Inventory } from '../../src/inventory/model.ts';
import { orderHosts } from '../../src/inventory/order.ts';
import { limitHosts, matchHosts } from '../../src/inventory/patterns.ts';
import { settle } from '../../src/inventory/settle.ts';

const hostNames = ['a1', 'a2', 'a10', 'b1', 'b.example.org', '10.0.0.7'];
const groupNames = ['web', 'web_old', 'db', 'eu', 'us'];

/** Hosts in groups, and groups in groups; a circle is left out where it would close. */
const inventories: fc.Arbitrary<Inventory> = fc
  .record({
    members: fc.array(fc.tuple(fc.constantFrom(...hostNames), fc.constantFrom(...groupNames, 'ungrouped')), {
      maxLength: 12,
    }),
    nested: fc.array(
      fc.tuple(fc.constantFrom(...hostNames), fc.constantFrom(...groupNames), fc.constantFrom(...groupNames)),
      { maxLength: 4 },
    ),
  })
  .map(({ members, nested }) => {
    const empty = settle(newDraft(), [], { groups: new Map(), hosts: new Map() });
    const withHosts = members.reduce((all, [host, group]) => addHost(all, host, [group], new Map()), empty);
    return nested.reduce((all, [host, group, parent]) => addToGroup(all, host, group, [parent]), withHosts);
  });

const atoms = fc.constantFrom(
  ...hostNames,
  ...groupNames,
  'all',
  '*',
  'a*',
  '*1',
  'w?b',
  '[ab]*',
  '~a[0-9]$',
  'ungrouped',
);
const lists = fc.array(atoms, { minLength: 1, maxLength: 4 });

const find = (pattern: string, inventory: Inventory): readonly string[] => matchHosts(pattern, inventory).hosts;
const sorted = (hosts: Iterable<string>): readonly string[] => [...hosts].sort();

describe('host patterns', () => {
  it('are a union of what each part finds, in the order of the parts', () => {
    fc.assert(
      fc.property(inventories, lists, (inventory, parts) => {
        expect(find(parts.join(','), inventory)).toEqual([...new Set(parts.flatMap((part) => find(part, inventory)))]);
      }),
    );
  });

  it('keep and drop hosts as sets do', () => {
    fc.assert(
      fc.property(inventories, lists, atoms, atoms, (inventory, parts, kept, dropped) => {
        const union = parts.join(',');
        const keep = new Set(find(kept, inventory));
        const drop = new Set(find(dropped, inventory));
        const all = find(union, inventory);
        expect(find(`${union},&${kept}`, inventory)).toEqual(all.filter((host) => keep.has(host)));
        expect(find(`${union},!${dropped}`, inventory)).toEqual(all.filter((host) => !drop.has(host)));
        expect(find(`!${dropped},${union},&${kept}`, inventory)).toEqual(
          all.filter((host) => keep.has(host) && !drop.has(host)),
        );
      }),
    );
  });

  it('obey the laws of de Morgan', () => {
    fc.assert(
      fc.property(inventories, atoms, atoms, (inventory, a, b) => {
        const both = sorted(find(`all,&${a},&${b}`, inventory));
        const without = new Set([...find(`all,!${a}`, inventory), ...find(`all,!${b}`, inventory)]);
        expect(sorted(find('all', inventory)).filter((host) => !without.has(host))).toEqual(both);
      }),
    );
  });

  it('find each host once, and only hosts of the inventory', () => {
    fc.assert(
      fc.property(
        inventories,
        fc.string({ unit: fc.constantFrom(...'ab1.:,!&*?~[]-0 '.split('')) }),
        (inventory, pattern) => {
          const hosts = find(pattern, inventory);
          expect(new Set(hosts).size).toBe(hosts.length);
          expect(hosts.filter((host) => !inventory.hosts.has(host))).toEqual([]);
        },
      ),
    );
  });

  it('take positions apart and put them together again', () => {
    fc.assert(
      fc.property(inventories, fc.constantFrom('all', ...groupNames), fc.nat(6), (inventory, group, at) => {
        const all = find(group, inventory);
        fc.pre(at < all.length);
        expect(find(`${group}[${at}]`, inventory)).toEqual([all[at]]);
        expect(find(`${group}[-${all.length - at}]`, inventory)).toEqual([all[at]]);
        expect([...find(`${group}[0:${at}]`, inventory), ...find(`${group}[${at + 1}:]`, inventory)]).toEqual(all);
      }),
    );
  });

  it('of --limit mean what they mean in a play', () => {
    fc.assert(
      fc.property(inventories, lists, (inventory, parts) => {
        expect(limitHosts(parts.join(','), inventory).hosts).toEqual(find(parts.join(','), inventory));
      }),
    );
  });

  it('keep all hosts in every order', () => {
    fc.assert(
      fc.property(
        inventories,
        fc.constantFrom('inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'),
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        (inventory, order, chance) => {
          const hosts = find('all', inventory);
          expect(sorted(orderHosts(hosts, order, () => chance.next().value ?? 0))).toEqual(sorted(hosts));
        },
      ),
    );
  });
});
