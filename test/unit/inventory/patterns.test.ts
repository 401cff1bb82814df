import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../../src/inventory/model.ts';
import { orderHosts } from '../../../src/inventory/order.ts';
import { limitHosts, matchHosts } from '../../../src/inventory/patterns.ts';
import { folderWith, load } from './fixture.ts';

const inventory = async (): Promise<Inventory> => (await load({ hosts: '[web]\nweb1\nweb2\n[db]\ndb1\n' })).inventory;

describe('a host pattern', () => {
  it('that matches nothing is a warning and asks what was meant', async () => {
    const { hosts, diagnostics } = matchHosts('wbe:db', await inventory());
    expect(hosts).toEqual(['db1']);
    expect(diagnostics.map((one) => [one.code, one.severity, one.message, one.help])).toEqual([
      ['inventory/no-match', 'warning', 'No host or group matches "wbe"', 'Did you mean "web"?'],
    ]);
  });

  it('may be a list of patterns', async () => {
    expect(matchHosts(['web:!web1', 'db'], await inventory()).hosts).toEqual(['web2', 'db1']);
  });

  it('finds localhost where no inventory names it, and the one that an inventory names', async () => {
    expect(matchHosts('localhost', await inventory()).hosts).toEqual(['localhost']);
    const { inventory: named } = await load({ hosts: '127.0.0.1\n' });
    expect(matchHosts('localhost', named).hosts).toEqual(['127.0.0.1']);
  });

  it('that is broken is an error', async () => {
    const { diagnostics } = matchHosts('~(', await inventory());
    expect(diagnostics.map((one) => [one.code, one.severity])).toEqual([['inventory/pattern', 'error']]);
  });

  it('with a dash for a range is read, with a warning', async () => {
    const { hosts, diagnostics } = matchHosts('web[0-1]', await inventory());
    expect(hosts).toEqual(['web1', 'web2']);
    expect(diagnostics.map((one) => `${one.code}: ${one.message}`)).toEqual([
      'inventory/pattern-subscript: "web[0-1]" is read as "web[0:1]"',
    ]);
  });

  it('that asks for a host behind the last is an error', async () => {
    const { diagnostics } = matchHosts('web[7]', await inventory());
    expect(diagnostics.map((one) => [one.severity, one.message])).toEqual([
      ['error', '"web[7]" asks for a position beyond the 2 hosts'],
    ]);
  });

  it('may name a file of patterns', async () => {
    const folder = folderWith({ list: 'db1\n\nweb2\n' });
    expect(matchHosts(`@${join(folder, 'list')}`, await inventory()).hosts).toEqual(['db1', 'web2']);
    const { diagnostics } = matchHosts(`@${join(folder, 'none')}`, await inventory());
    expect(diagnostics.map((one) => [one.code, one.severity])).toEqual([['inventory/pattern', 'error']]);
  });
});

describe('--limit', () => {
  it('that matches nothing is an error and asks what was meant', async () => {
    const { diagnostics } = limitHosts('web1,dbx', await inventory());
    expect(diagnostics.map((one) => [one.code, one.severity, one.help])).toEqual([
      ['inventory/no-match', 'error', 'Did you mean "db"?'],
    ]);
  });

  it('that leaves no host is an error', async () => {
    const { diagnostics } = limitHosts('web:!web', await inventory());
    expect(diagnostics.map((one) => [one.severity, one.message])).toEqual([
      ['error', '--limit "web:!web" leaves no host'],
    ]);
  });
});

describe('the order of hosts', () => {
  const hosts = ['b', 'a', 'c'];
  it.each([
    ['inventory', ['b', 'a', 'c']],
    ['reverse_inventory', ['c', 'a', 'b']],
    ['sorted', ['a', 'b', 'c']],
    ['reverse_sorted', ['c', 'b', 'a']],
  ] as const)('%s', (order, expected) => {
    expect(orderHosts(hosts, order, Math.random)).toEqual(expected);
  });

  it('shuffle keeps every host and is decided by chance alone', () => {
    expect(orderHosts(hosts, 'shuffle', () => 0)).toEqual(['a', 'c', 'b']);
    expect(orderHosts(hosts, 'shuffle', () => 0.99)).toEqual(hosts);
  });
});
