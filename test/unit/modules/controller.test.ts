import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRedactor } from '../../../src/core/redact.ts';
import { folder, localHosts, type PlayOptions, runPlay } from '../../rig/run-play.ts';

/** One play on one local host, with files beside it. */
async function play(tasks: readonly string[], files: Readonly<Record<string, string>> = {}, options: PlayOptions = {}) {
  const { dir, remove } = folder({
    ...files,
    'site.yml': `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.map((line) => `    ${line}\n`).join('')}`,
  });
  onTestFinished(remove);
  writeFileSync(join(dir, 'inventory'), localHosts(1, dir));
  return runPlay(dir, options);
}

describe('what a module asks of the controller', () => {
  it('brings a file once, and says whether it was new', async () => {
    const ran = await play([
      '- name: make',
      '  copy: { content: x, dest: "{{ root }}/f" }',
      '- name: bring',
      '  fetch: { src: "{{ root }}/f", dest: out/, flat: true }',
      '- name: again',
      '  fetch: { src: "{{ root }}/f", dest: out/, flat: true }',
    ]);
    expect(ran.story.slice(1)).toEqual(['bring: h1 changed', 'again: h1 ok']);
    expect(readFileSync(join(ran.dir, 'out', 'f'), 'utf8')).toBe('x');
    expect(ran.results('bring')[0]?.result).toMatchObject({ changed: true, dest: join(ran.dir, 'out', 'f') });
  });

  it('gives what the operator typed to the play', async () => {
    const ran = await play([
      '- name: ask',
      '  pause: { prompt: Go on? }',
      '  register: answer',
      '- name: tell',
      '  debug: { msg: "{{ answer.user_input }}" }',
    ]);
    expect(ran.results('tell')[0]?.result).toMatchObject({ msg: 'answer' });
  });

  it('waits for the connection, which is there', async () => {
    const ran = await play(['- name: wait', '  wait_for_connection: { timeout: 5 }']);
    expect(ran.results('wait')[0]).toMatchObject({ outcome: 'ok', result: { elapsed: 0 } });
  });

  it('reads the variables of a whole folder', async () => {
    const ran = await play(
      [
        '- name: read',
        '  include_vars: { dir: more, hash_behaviour: merge, ignore_files: [skip.yml], ignore_unknown_extensions: true }',
        '- name: tell',
        '  debug: { msg: "{{ a }} {{ m.x }} {{ m.y }} {{ b | default(\'none\') }} {{ deep }}" }',
      ],
      {
        'more/1.yml': 'a: 1\nm: {x: 1}\n',
        'more/2.yaml': 'a: 2\nm: {y: 2}\n',
        'more/skip.yml': 'b: 3\n',
        'more/notes.txt': 'no variables\n',
        'more/sub/deep.json': '{"deep": true}\n',
      },
    );
    expect(ran.results('tell')[0]?.result).toMatchObject({ msg: '2 1 2 none True' });
    const read = ran.results('read')[0]?.result['ansible_included_var_files'];
    expect(read).toEqual(['1.yml', '2.yaml', 'sub/deep.json'].map((name) => join(ran.dir, 'more', name)));
    expect(existsSync(join(ran.dir, 'out'))).toBe(false);
  });

  it('opens vaults that are copied, unless it shall not, and keeps them out of what is told', async () => {
    const vault = '$ANSIBLE_VAULT;1.1;AES256\n3132\n';
    const secrets: string[] = [];
    const redactor = { ...createRedactor(), register: (text: string) => secrets.push(text) };
    const tasks = [
      '- copy: { src: one, dest: "{{ root }}/one" }',
      '- copy: { src: one, dest: "{{ root }}/kept", decrypt: false }',
      '- copy: { src: all/, dest: "{{ root }}/all" }',
    ];
    const options: PlayOptions = { redactor, decrypt: () => ({ ok: true, value: 'opened it\n' }) };
    const ran = await play(
      tasks,
      { one: vault, 'all/two': vault, 'all/big': `${vault}${'31'.repeat(60_000)}` },
      options,
    );
    const made = (name: string): string => readFileSync(join(ran.dir, 'hosts', 'h1', name), 'utf8');
    expect([made('one'), made('kept'), made('all/two'), made('all/big')]).toEqual([
      'opened it\n',
      vault,
      'opened it\n',
      'opened it\n',
    ]);
    expect(secrets).toContain('opened it');
  });

  it('says that a vault wants a password', async () => {
    const ran = await play(['- name: copy', '  copy: { src: one, dest: "{{ root }}/one" }'], {
      one: '$ANSIBLE_VAULT;1.1;AES256\n3132\n',
    });
    expect(ran.results('copy')[0]?.result['msg']).toContain('is an Ansible Vault, and no password for it is given');
  });
});
