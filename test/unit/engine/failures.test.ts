import { afterEach, describe, expect, it } from 'vitest';
import { createPlays, tasks } from '../../rig/plays.ts';

const { play, cleanUp } = createPlays();
afterEach(cleanUp);

describe('a command that failed', () => {
  it('is told by what the number means: the program said it, or the system that did not find the program', async () => {
    const yaml = tasks(
      '- name: missing\n  command: /no/such\n  ignore_errors: true\n- name: said\n  command: sh -c "exit 2"\n  ignore_errors: true',
    );
    const { results } = await play(yaml);
    const [missing, said] = ['missing', 'said'].map((name) => results(name)[0]?.failure);
    expect(missing).toMatchObject({ exitCode: 2, exitMeaning: 'no such program' });
    expect(said).toMatchObject({ exitCode: 2, exitMeaning: 'misuse or wrong arguments' });
  });

  it('in a directory that is not there is not known ahead, whatever is there already', async () => {
    const yaml = tasks('- name: ls\n  command: {cmd: ls, chdir: "{{ root }}/none", creates: "{{ root }}"}');
    const { story, results } = await play(yaml, { check: true });
    expect(story).toEqual(['ls: h1 unknown']);
    expect(results('ls')[0]?.note).toMatch(/^the directory ".*\/none" is not there$/);
  });
});

describe('what ends a run and is no fault of a host', () => {
  it.each(['order: "{{ word }}"', 'strategy: "{{ word }}"', 'serial: "{{ word }}"'])(
    'is an error: %s',
    async (line) => {
      const { events, outcome } = await play(
        `- hosts: all\n  vars: {word: backwards}\n  ${line}\n  tasks: [{ping: {}}]\n`,
      );
      expect(events.filter((event) => event.type === 'warning')).toMatchObject([{ severity: 'error' }]);
      expect(outcome.exitCode).toBe(2);
    },
  );
});
