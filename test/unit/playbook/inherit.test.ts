import { describe, expect, it } from 'vitest';
import { play, shown, tasksOf } from './harness.ts';

const text = `
- hosts: all
  become: true
  become_user: root
  tags: [play]
  environment: {A: play, B: play}
  module_defaults:
    copy: {mode: "0600"}
  vars: {seen: play}
  ignore_errors: true
  tasks:
    - name: Outer
      when: outer
      tags: [outer, both]
      vars: {seen: outer}
      notify: One
      throttle: 2
      become_user: admin
      block:
        - name: Inner
          when: [inner, also_inner]
          tags: both, inner
          vars: {seen: inner}
          environment: {B: inner}
          notify: [Two]
          disrupts: balancer
          block:
            - name: Task
              copy: {content: x, dest: /x}
              when: own
              tags: own
              vars: {seen: task}
              become: false
              module_defaults:
                ansible.builtin.copy: {owner: root}
              environment:
                - {C: task}
                - {D: task}
              notify: Three
      rescue:
        - name: Rescue
          command: /bin/true
          throttle: 5
          ignore_errors: false
  vars_prompt:
    - {name: outer, prompt: outer}
    - {name: inner, prompt: inner}
    - {name: also_inner, prompt: also}
    - {name: own, prompt: own}
  handlers:
    - {name: One, command: /bin/true}
    - {name: Two, command: /bin/true}
    - {name: Three, command: /bin/true}
`;

const [inner, rescue] = tasksOf(play(text));

describe('A task has from what is around it', () => {
  it('all conditions, the outermost first', () => {
    expect(inner?.keywords.when.map((one) => one.text)).toEqual(['outer', 'inner', 'also_inner', 'own']);
    expect(rescue?.keywords.when.map((one) => one.text)).toEqual(['outer']);
  });

  it('all tags, each once', () => {
    expect(inner?.keywords.tags).toEqual(['play', 'outer', 'both', 'inner', 'own']);
  });

  it('the nearest of become and of all that has one value', () => {
    expect(shown(inner?.keywords.become)).toBe(false);
    expect(shown(inner?.keywords.becomeUser)).toBe('admin');
    expect(shown(inner?.keywords.throttle)).toBe(2n);
    expect(shown(rescue?.keywords.throttle)).toBe(5n);
    expect(shown(inner?.keywords.ignoreErrors)).toBe(true);
    expect(shown(rescue?.keywords.ignoreErrors)).toBe(false);
  });

  it('variables in layers, the nearest last, without those of the play', () => {
    const layers = inner?.keywords.vars.map((layer) => [layer.get('seen')?.level, shown(layer.get('seen')?.term)]);
    expect(layers).toEqual([
      ['block', 'outer'],
      ['block', 'inner'],
      ['task', 'task'],
    ]);
    expect(inner?.keywords.vars.map((layer) => layer.get('seen')?.origin)).toEqual([
      'block "Outer"',
      'block "Inner"',
      'task "Task"',
    ]);
  });

  it('environments and module defaults in layers', () => {
    expect(inner?.keywords.environment.map(shown)).toEqual([
      new Map([
        ['A', 'play'],
        ['B', 'play'],
      ]),
      new Map([['B', 'inner']]),
      new Map([['C', 'task']]),
      new Map([['D', 'task']]),
    ]);
    expect(inner?.keywords.moduleDefaults.map((layer) => shown(layer.get('copy')))).toEqual([
      new Map([['mode', '0600']]),
      new Map([['owner', 'root']]),
    ]);
  });

  it('what to notify, and what is disrupted', () => {
    expect(inner?.notify.map(shown)).toEqual(['One', 'Two', 'Three']);
    expect(rescue?.notify.map(shown)).toEqual(['One']);
    expect(inner?.disrupts).toEqual(['balancer']);
    expect(rescue?.disrupts).toBeUndefined();
  });

  it('the very same terms, so that who compares settings need not compare texts', () => {
    expect(inner?.keywords.environment[0]).toBe(rescue?.keywords.environment[0]);
    expect(inner?.keywords.becomeUser).toBe(rescue?.keywords.becomeUser);
  });
});
