import { describe, expect, it } from 'vitest';
import { openVault, sealVault, vaultIdOf } from '../../../../src/cli/vault/cipher.ts';

/** Both made by ansible-vault 2.14 with the password "open sesame"; the second with the vault id "prod". */
const plainHeader = [
  '$ANSIBLE_VAULT;1.1;AES256',
  '34353734353038653266636334383366306261303364633935323465653534363131373763626532',
  '6638366538663564346139343563643633343637633365380a373662343634383739623131666236',
  '38356231386539373466333963316335376337623439343362383866656565636237353233333230',
  '6164666533323134380a316637663837643064373631613336313631303833336666653161333531',
  '3732',
].join('\n');
const withId = [
  '$ANSIBLE_VAULT;1.2;AES256;prod',
  '63333139636163653333366236626664373564646636363631363061326231636337623833373933',
  '3836323866663032363463613762646431613338303633330a643533623932643161303832363433',
  '61343463393131626561313631353961363163643966396336656235633962333466333830333763',
  '3135353635656261310a346431336132353866363662346239393264343938376664653538623265',
  '6662',
].join('\n');

describe('openVault', () => {
  it('opens what ansible-vault has written, in both formats', () => {
    expect(openVault(plainHeader, 'open sesame')).toEqual({ ok: true, value: Buffer.from('topsecret ü\n') });
    expect(openVault(`${withId}\n`, 'open sesame')).toEqual({ ok: true, value: Buffer.from('topsecret ü\n') });
  });

  it('opens a vault that YAML has indented, or Windows has touched', () => {
    expect(openVault(plainHeader.replaceAll('\n', '\n    '), 'open sesame').ok).toBe(true);
    expect(openVault(plainHeader.replaceAll('\n', '\r\n'), 'open sesame').ok).toBe(true);
  });

  it('tells a wrong password from a damaged text', () => {
    expect(openVault(plainHeader, 'sesame')).toEqual({ ok: false, error: 'wrong-password' });
    expect(
      openVault(
        plainHeader.replace(/\n(.)/, (_, digit) => `\n${digit === '3' ? '4' : '3'}`),
        'open sesame',
      ).ok,
    ).toBe(false);
    for (const text of [
      '',
      'text',
      '$ANSIBLE_VAULT;1.1;AES256\n',
      '$ANSIBLE_VAULT;1.1;AES256\nzz',
      '$ANSIBLE_VAULT;2.0;X\n33',
    ]) {
      expect(openVault(text, 'open sesame')).toEqual({ ok: false, error: 'not-a-vault' });
    }
  });
});

describe('sealVault', () => {
  const salt = Buffer.alloc(32, 7);

  it('writes what it can open again, whatever the bytes and their number', () => {
    for (const length of [0, 1, 15, 16, 17, 4096]) {
      const content = Buffer.from(Array.from({ length }, (_, index) => (index * 37) % 256));
      const text = sealVault(content, { password: 'open sesame', id: 'default', salt });
      expect(openVault(text, 'open sesame')).toEqual({ ok: true, value: content });
      expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
    }
  });

  it('writes the label into the header where there is one, in format 1.2', () => {
    const content = Buffer.from('x');
    const plain = sealVault(content, { password: 'p', id: 'default', salt });
    const labelled = sealVault(content, { password: 'p', id: 'prod', salt });
    expect(plain.split('\n')[0]).toBe('$ANSIBLE_VAULT;1.1;AES256');
    expect(labelled.split('\n')[0]).toBe('$ANSIBLE_VAULT;1.2;AES256;prod');
    expect([vaultIdOf(plain), vaultIdOf(labelled)]).toEqual(['default', 'prod']);
  });
});
