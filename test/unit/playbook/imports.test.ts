import { describe, expect, it } from 'vitest';
import { said } from './harness.ts';

describe('An import', () => {
  it('takes what only a task has, which does nothing there, as in Ansible', () => {
    const text = '- hosts: all\n  tasks:\n    - import_tasks: a.yml\n      async: 10\n      poll: 0\n';
    expect(said(text, { files: { 'a.yml': '- ping:' } })).toEqual([
      'site.yml:4:7 warning playbook/misplaced-keyword: "async" does nothing on an import: what is imported does not have it from there (Write it on the tasks themselves)',
      'site.yml:5:7 warning playbook/misplaced-keyword: "poll" does nothing on an import: what is imported does not have it from there (Write it on the tasks themselves)',
    ]);
  });
});

describe('A block among handlers', () => {
  it('gives its handlers, and is refused inside of another', () => {
    const text =
      '- hosts: all\n  tasks:\n    - command: a\n      notify: [Inner, Deep]\n  handlers:\n    - name: Both\n      block: [{name: Inner, ping: }, {name: Deep, block: [{ping: }]}]\n';
    expect(said(text).map((line) => line.split(':').slice(0, 3).join(':'))).toEqual([
      'site.yml:7:51 playbook/block-as-handler',
    ]);
  });
});
