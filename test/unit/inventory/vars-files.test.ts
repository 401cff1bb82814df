import { describe, expect, it } from 'vitest';
import { err, ok } from '../../../src/core/result.ts';
import { placeText } from '../../../src/core/source.ts';
import { addToGroup } from '../../../src/inventory/change.ts';
import { hostLayers } from '../../../src/inventory/layers.ts';
import { hostJson } from '../../../src/inventory/print.ts';
import { load, told } from './fixture.ts';

const vaultText = '$ANSIBLE_VAULT;1.1;AES256\n3031\n';

describe('group_vars and host_vars', () => {
  it('say where each value came from', async () => {
    const { inventory } = await load(
      {
        hosts: '[web]\na x=1\n[all:vars]\nx=0\n',
        'group_vars/web.yml': 'x: 2\n',
        'host_vars/a.yml': 'y: 3\n',
        'play/group_vars/all.yml': 'x: 4\n',
      },
      { playbookDirs: ['play'] },
    );
    const told = hostLayers(inventory, 'a').map((layer) =>
      [...layer]
        .filter(([name]) => !name.startsWith('inventory_'))
        .map(([name, { level, origin, term }]) => [
          name,
          level,
          origin,
          placeText(term.at).replace(/.*hlb-inventory-[^/]*\//, ''),
        ]),
    );
    expect(told.flat()).toEqual([
      ['x', 'inventory-group-all', 'group all', 'hosts:4:3'],
      ['x', 'playbook-group-vars-all', 'group all', 'play/group_vars/all.yml:1:4'],
      ['x', 'inventory-group-vars', 'group web', 'group_vars/web.yml:1:4'],
      ['x', 'inventory-host', 'host a', 'hosts:2:5'],
      ['y', 'inventory-host-vars', 'host a', 'host_vars/a.yml:1:4'],
    ]);
  });

  it('tell what is wrong in them', async () => {
    const { diagnostics } = await load({
      hosts: '[web]\na\n',
      'group_vars/web.yml': '- a\n',
      'group_vars/all.yml': 'a-b: 1\ngroups: 2\ntags: 3\n',
      'host_vars/a.yml': 'a: 1\n---\nb: 2\n',
    });
    expect(told(diagnostics)).toEqual([
      'vars/invalid-name 1:1 "a-b" is not a name that an expression can use',
      'vars/magic-name 2:1 "groups" is set by hlb, so that this value is never read',
      'vars/reserved-name 3:1 "tags" is also a keyword of playbooks, which is easily confused',
      'vars/not-a-mapping 1:1 Expected variables as "name: value", found a list',
      'inventory/documents 3:1 Expected one YAML document, found several',
    ]);
  });

  it('of a name that almost is one of the inventory are told about', async () => {
    const { diagnostics } = await load({
      hosts: '[workers]\na\n',
      'group_vars/worker.yml': 'x: 1\n',
      'group_vars/other.yml': 'x: 1\n',
    });
    expect(diagnostics.map((one) => [one.code, one.severity, one.help])).toEqual([
      ['inventory/unused-vars', 'warning', 'Did you mean "workers"?'],
    ]);
  });

  it('that are a file are ignored with a warning', async () => {
    const { diagnostics } = await load({ hosts: 'a\n', group_vars: 'x: 1\n' });
    expect(diagnostics.map((one) => [one.code, one.severity])).toEqual([['inventory/vars-folder', 'warning']]);
  });

  it('are opened where they are vaults', async () => {
    const files = {
      hosts: 'a\n',
      'group_vars/all.yml': vaultText,
      'host_vars/a.yml': `x: !vault |\n  ${vaultText.replace('\n', '\n  ')}`,
    };
    const locked = await load(files);
    expect(locked.diagnostics.map((one) => one.code)).toEqual(['inventory/encrypted', 'vars/vault-locked']);
    const wrong = await load(files, { decrypt: () => err('No password opens it') });
    expect(wrong.diagnostics.map((one) => one.message)[1]).toBe('No password opens it');
    const opened = await load(files, { decrypt: (text) => ok(text.endsWith('3031\n') ? 'y: 1\n' : '?') });
    expect(opened.diagnostics).toEqual([]);
    expect(hostJson(opened.inventory, 'a')).toEqual({ x: 'y: 1\n', y: 1 });
  });

  it('tell their texts where the whole file is a vault, for the redactor', async () => {
    const secrets: string[] = [];
    const options = {
      decrypt: () => ok('a: s3cret\nb: [deep, {c: deeper}, 7]\n'),
      onSecret: (text: string) => secrets.push(text),
    };
    await load({ hosts: 'h x=plain\n', 'group_vars/all.yml': vaultText, 'host_vars/h.yml': 'y: open\n' }, options);
    expect(secrets).toEqual(['s3cret', 'deep', 'deeper']);
    secrets.length = 0;
    await load(
      { 'hosts.yml': vaultText },
      { ...options, decrypt: () => ok('all: {hosts: {h: {p: pass}}, vars: {q: word}}') },
    );
    expect(secrets).toEqual(['pass', 'word']);
  });

  it('that are encrypted and belong to nobody need no password', async () => {
    const { diagnostics } = await load({ hosts: 'a\n', 'group_vars/later.yml': vaultText });
    expect(diagnostics).toEqual([]);
  });

  it('wait for groups that a play makes', async () => {
    const { inventory } = await load({ hosts: 'a\n', 'group_vars/os_debian.yml': 'x: 1\n' });
    expect(hostJson(inventory, 'a')).toEqual({});
    expect(hostJson(addToGroup(inventory, 'a', 'os_debian'), 'a')).toEqual({ x: 1 });
  });
});
