import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ok } from '../../../src/core/result.ts';
import { loadInventory } from '../../../src/inventory/load.ts';
import { folderWith, load, told } from './fixture.ts';

describe('the sources of an inventory', () => {
  it('must be there, and a close name is offered', async () => {
    const { diagnostics } = await load({ 'hosts.yml': 'all:\n' }, { sources: ['host.yml'] });
    expect(diagnostics.map((one) => [one.code, one.severity, one.help])).toEqual([
      ['inventory/not-found', 'error', 'Did you mean "hosts.yml"?'],
    ]);
  });

  it('that hold no host are told about', async () => {
    const { diagnostics } = await load({ hosts: '[web]\n' });
    expect(diagnostics.map((one) => [one.code, one.severity])).toEqual([['inventory/no-hosts', 'warning']]);
  });

  it('that cannot be read say why', async () => {
    const folder = folderWith({ 'hosts.yml': 'all:\n' });
    symlinkSync('loop', join(folder, 'loop'));
    const { diagnostics } = await loadInventory({
      sources: [folder],
      playbookDirs: [],
      runProgram: () => Promise.reject(new Error('none')),
    });
    expect(told(diagnostics)[0]).toContain('inventory/unreadable 1:1 Cannot read "loop"');
  });

  it('that are no longer executable programs say so', async () => {
    const { diagnostics } = await load({ inv: '#!/bin/sh\necho {}\n' });
    expect(told(diagnostics)).toEqual(['inventory/not-executable 1:1 This is a program, and may not be executed']);
  });

  it('may be INI behind a name that says nothing, and then INI has the word', async () => {
    const { diagnostics } = await load({ inventory: '[web]\na: 1\n' });
    expect(told(diagnostics)).toEqual(['inventory/host-line 2:1 A host cannot end in ":", found "a:"']);
  });

  it('may be YAML behind a name that says nothing, and then YAML has the word', async () => {
    const { diagnostics } = await load({ inventory: 'web:\n  hosts:\n    a: {x: 1\n' });
    expect(diagnostics.map((one) => one.code)).toEqual(['yaml/unclosed-bracket']);
  });

  it('are opened where they are vaults, and only with a password', async () => {
    const files = { hosts: '$ANSIBLE_VAULT;1.1;AES256\n3031\n' };
    const locked = await load(files);
    expect(locked.diagnostics.map((one) => one.code)).toEqual(['inventory/encrypted']);
    const opened = await load(files, { decrypt: () => ok('[web]\na\n') });
    expect([...opened.inventory.hosts.keys()]).toEqual(['a']);
  });

  it('are remembered', async () => {
    const folder = folderWith({ hosts: 'a\n' });
    const { inventory } = await loadInventory({
      sources: [join(folder, 'hosts'), 'b,'],
      playbookDirs: [],
      runProgram: () => Promise.reject(new Error('none')),
    });
    expect(inventory.sources).toEqual([join(folder, 'hosts'), 'b,']);
  });
});

describe('an inventory program', () => {
  const run = (stdout: string, code = 0, stderr = '') =>
    load({ 'inv!': '#!/bin/sh\n' }, { runProgram: () => Promise.resolve({ code, stdout, stderr }) });

  it.each([
    [
      'fails',
      run,
      '{}',
      3,
      'no credentials\n',
      'inventory/program-failed 1:1 "inv --list" ended with exit code 3: no credentials',
    ],
    [
      'prints no list of hosts',
      run,
      '{"web": {"hosts": "a"}}',
      0,
      '',
      'inventory/program-output 1:19 Expected the hosts of "web" to be a list of names',
    ],
    [
      'prints a list',
      run,
      '[]',
      0,
      '',
      'inventory/program-output 1:1 "inv --list" printed something else than a JSON object',
    ],
    [
      'complains and goes on',
      run,
      '{"_meta": {"hostvars": {}}, "w": ["a"]}',
      0,
      'slow today\n',
      'inventory/program-warned 1:1 "inv --list" wrote to its error output: slow today',
    ],
  ])('that %s is told about', async (_, load, stdout, code, stderr, message) => {
    const { diagnostics } = await load(stdout, code, stderr);
    expect(told(diagnostics)).toEqual([message]);
  });

  it('that prints no JSON is told about', async () => {
    const { diagnostics } = await run('nothing');
    expect(diagnostics.map((one) => one.code)).toEqual(['inventory/program-output']);
  });

  it('that cannot be started is told about', async () => {
    const { diagnostics } = await load(
      { 'inv!': '#!/nowhere\n' },
      { runProgram: () => Promise.reject(new Error('ENOENT')) },
    );
    expect(told(diagnostics)).toEqual(['inventory/program-failed 1:1 "inv --list" could not be started: ENOENT']);
  });

  it('is asked with its path and --list, then for each host that _meta does not name', async () => {
    const calls: (readonly string[])[] = [];
    await load(
      { 'inv!': '#!/bin/sh\n' },
      {
        runProgram: (path, args) => {
          calls.push([path.replace(/.*\//, ''), ...args]);
          return Promise.resolve({ code: 0, stdout: args[0] === '--list' ? '{"w": ["a", "b", "a"]}' : '', stderr: '' });
        },
      },
    );
    expect(calls).toEqual([
      ['inv', '--list'],
      ['inv', '--host', 'a'],
      ['inv', '--host', 'b'],
    ]);
  });
});
