import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { GuardVerdict } from '../../../src/core/events.ts';
import { defineGuard, type Situation } from '../../../src/module/guard.ts';
import { createPlays } from '../../rig/plays.ts';

const plays = createPlays();
afterEach(plays.cleanUp);

/** Lets nothing begin, and says what it was told that the first batch takes away. */
const told = defineGuard({
  name: 'told',
  summary: 'Says what a batch takes away',
  examples: ['told'],
  params: z.strictObject({}),
  variables: [],
  observe: () => new Map(),
  verdict: (_, { taken, moment }) => {
    const work = [...taken].map(([host, { disrupts, lists }]) => {
      const names = lists.map((list) => (typeof list === 'string' ? list : list.map((one) => one.name).join('+')));
      return `${host}: ${[...disrupts].sort().join(' ') || 'nothing'}${names.length === 0 ? '' : ` (${names.join(', ')})`}`;
    });
    return { verdict: moment === 'roll' ? 'pass' : 'refuse', message: work.join('; '), numbers: {} };
  },
  patience: () => 0,
});

/** What the guards are told of these tasks on one host; nothing is done. */
async function foreseen(tasks: string, head = ''): Promise<string> {
  const body = tasks.replace(/^/gm, '    ');
  const text = `- hosts: all\n  gather_facts: false\n  rolling: {guard: [told]}\n${head}  tasks:\n${body}\n`;
  const run = await plays.play(text, { guards: [told] });
  expect(run.outcome.exitCode).toBe(3);
  return run.events.flatMap((event): string[] => (event.type === 'guard-verdict' ? [verdictOf(event)] : [])).join('|');
}

/** What a guard that refuses everything is asked, with the moment of it. */
async function judged(text: string, hosts: number): Promise<readonly string[]> {
  const seen: string[] = [];
  const verdict = (p: unknown, situation: Situation): ReturnType<typeof told.verdict> => {
    const made = told.verdict(p, situation);
    seen.push(`${situation.moment} ${made.message}`);
    return { ...made, verdict: 'refuse' };
  };
  await plays.play(text, { guards: [{ ...told, verdict }], hosts });
  return seen;
}

const verdictOf = ({ message }: GuardVerdict): string => message;

const manifests = '/etc/kubernetes/manifests';
const made = `- file: {path: ${manifests}, state: directory, recurse: false}\n`;

describe('what a batch takes away', () => {
  it.each([
    ['copy', `- copy: {dest: ${manifests}/kube-apiserver.yaml, content: x}`, 'api_server'],
    ['template', `- template: {dest: ${manifests}/etcd.yaml, src: site.yml}`, 'etcd'],
    ['a balancer', `- copy: {dest: ${manifests}/haproxy-apiserver-lb.yaml, content: x}`, 'balancer'],
    ['get_url', `- get_url: {dest: ${manifests}/kube-apiserver.yaml, url: "http://127.0.0.1:9/x"}`, 'api_server'],
    ['a link', `- file: {path: ${manifests}/etcd.yaml, src: /tmp/x, state: link, force: true}`, 'etcd'],
    ['lineinfile', `- lineinfile: {path: ${manifests}/kube-apiserver.yaml, line: x, create: true}`, 'api_server'],
    ['blockinfile', `- blockinfile: {path: ${manifests}/kube-apiserver.yaml, block: x, create: true}`, 'api_server'],
    ['another way to the folder', '- copy: {dest: /etc//kubernetes/./manifests/etcd.yaml, content: x}', 'etcd'],
  ])('counts what %s writes where kubelet looks for static pods', async (_, task, expected) => {
    expect(await foreseen(made + task)).toBe(`h1: ${expected}`);
  });

  it.each([
    ['replace', `- replace: {path: ${manifests}/kube-apiserver.yaml, regexp: a, replace: b}`, 'api_server'],
    ['assemble', `- assemble: {src: /etc/hlb-no-such, dest: ${manifests}/etcd.yaml, remote_src: true}`, 'etcd'],
    ['unarchive', `- unarchive: {src: /hlb.tgz, dest: ${manifests}, remote_src: true}`, 'api_server balancer etcd'],
    ['a folder that is not there', `- copy: {dest: ${manifests}/kube-apiserver.yaml, content: x}`, 'api_server'],
  ])('counts the same where it would be refused now, and may not be then: %s', async (_, task, expected) => {
    expect(await foreseen(task)).toBe(`h1: ${expected}`);
  });

  it('counts the same where only its condition or its content is unknown', async () => {
    const said = '- command: echo yes\n  register: said\n  disrupts: nothing\n';
    const task = `- copy: {dest: ${manifests}/kube-apiserver.yaml, content: "{{ said.stdout }}"}`;
    expect(await foreseen(said + task)).toBe('h1: api_server');
    const removed = `- file: {path: ${manifests}/etcd.yaml, state: absent}\n  when: said.stdout == 'yes'`;
    expect(await foreseen(said + removed)).toBe('h1: etcd');
    expect(await foreseen(`${said}- copy: {dest: /etc/x, content: "{{ said.stdout }}"}`)).toBe('h1: nothing');
  });

  it('counts the whole node where nobody can tell which file it is', async () => {
    const said = '- command: echo yes\n  register: said\n  disrupts: nothing\n';
    const task = '- copy: {dest: "{{ item }}", content: x}\n  loop: "{{ said.stdout_lines }}"';
    expect(await foreseen(said + task)).toBe('h1: node');
    expect(await foreseen(`${said}${task}\n  disrupts: nothing`)).toBe('h1: nothing');
  });

  it.each([
    ['a dot file, which is no manifest', `- copy: {dest: ${manifests}/.kube-apiserver.yaml, content: x}`],
    ['a pod that nothing reaches the API through', `- copy: {dest: ${manifests}/kube-scheduler.yaml, content: x}`],
    ['a file elsewhere', '- copy: {dest: /etc/hlb-no-such, content: x}'],
    ['what only looks', `- stat: {path: ${manifests}/kube-apiserver.yaml}`],
  ])('takes nothing away: %s', async (_, task) => {
    expect(await foreseen(made + task)).toBe('h1: nothing');
  });
});

describe('the lists that a batch loads', () => {
  const handlers = '  handlers:\n    - name: reload haproxy\n      service: {name: haproxy, state: reloaded}\n';

  it('counts the common way, a template and a reload, as a list that nobody can tell', async () => {
    const task = '- template: {src: site.yml, dest: /etc/haproxy.cfg}\n  notify: reload haproxy';
    expect(await foreseen(task, handlers)).toContain('(changed-file)');
  });

  it.each(['started', 'restarted', 'reloaded'])('counts a unit of haproxy that shall be %s', async (state) => {
    const change = '- template: {src: site.yml, dest: /etc/haproxy.cfg}\n';
    expect(await foreseen(`${change}- systemd: {name: haproxy-apiserver-lb, state: ${state}}`)).toContain(
      '(changed-file)',
    );
  });

  it('counts none where a unit is no balancer, stops or is only enabled', async () => {
    expect(await foreseen('- service: {name: cron, state: restarted}')).not.toContain('(');
    expect(await foreseen('- service: {name: haproxy, state: stopped}')).not.toContain('(');
    expect(await foreseen('- service: {name: haproxy, enabled: true}')).not.toContain('(');
  });

  it('counts the list of a change that is refused now, and may not be then', async () => {
    const servers = 'servers: [{name: cp1, address: 192.0.2.1}, {name: cp2, address: 192.0.2.2}]';
    const said = '- command: echo yes\n  register: said\n  disrupts: nothing\n';
    const task = `- haproxy_config: {placement: service, unit: "hlb no such unit", ${servers}}`;
    expect(await foreseen(task)).toBe('h1: nothing (cp1+cp2)');
    expect(await foreseen(`${said}${task}\n  when: said.stdout == 'yes'`)).toBe('h1: nothing (cp1+cp2)');
    expect(await foreseen(`${said}- haproxy_config: {servers: "{{ said.stdout }}"}`)).toBe('h1: nothing (unknown)');
  });

  it('judges those of every serial batch before the first of them begins', async () => {
    const servers = 'servers: [{name: "cp-{{ inventory_hostname }}", address: 192.0.2.1}]';
    const text = `- hosts: all
  gather_facts: false
  serial: 1
  tasks:
    - rolling: {guard: [told]}
      block:
        - haproxy_config: {placement: service, unit: "hlb no such unit", ${servers}}
`;
    const seen = await judged(text, 3);
    expect(seen).toEqual(['roll h1: nothing (cp-h1); h2: nothing (cp-h2); h3: nothing (cp-h3)']);
  });

  it('judges them before the first change where only a handler loads one', async () => {
    const text = `- hosts: all\n  gather_facts: false\n  rolling: {guard: [told]}\n${handlers}  tasks:\n    - copy: {dest: /etc/haproxy.cfg, content: x}\n      notify: reload haproxy\n`;
    const seen = await judged(text, 1);
    expect(seen.join('|')).toMatch(/^roll h1: nothing \(changed-file\)$/);
  });

  it('counts delegated work for its host, also where nobody can tell what it will be', async () => {
    const said = '- command: echo yes\n  register: said\n  disrupts: nothing\n';
    const restart = `${said}- command: systemctl restart kubelet\n  when: said.stdout == 'yes'\n`;
    expect(await foreseen(`${restart}  delegate_to: cp1`)).toContain('cp1: node');
    expect(await foreseen(`${said}- command: "restart {{ said.stdout }}"\n  delegate_to: cp1`)).toContain('cp1: node');
    const loop = await foreseen(`${restart}  delegate_to: "{{ item }}"\n  loop: [cp1, cp2]`);
    expect(loop).toContain('cp1: node');
    expect(loop).toContain('cp2: node');
    expect(await foreseen(`${said}- command: restart\n  delegate_to: "{{ said.stdout }}"`)).toContain(
      'a host that cannot be told ahead: node',
    );
  });

  it('goes through every item of a loop that reads its own result', async () => {
    const each = "{{ backends | default([]) + [{'name': item, 'address': '192.0.2.1'}] }}";
    const grown = `- set_fact: {backends: "${each}"}\n  loop: [cp1, cp2, cp3]\n`;
    expect(await foreseen(`${grown}- haproxy_config: {placement: service, servers: "{{ backends }}"}`)).toContain(
      '(cp1+cp2+cp3)',
    );
    const delegated = await foreseen(
      '- command: restart\n  loop: [cp1, cp2]\n  delegate_to: "{{ item }}"\n  register: r\n  when: r.rc | default(0) == 0',
    );
    expect(delegated).toContain('cp2: node');
  });
});
