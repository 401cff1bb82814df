import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { GuardVerdict } from '../../../src/core/events.ts';
import { defineGuard } from '../../../src/module/guard.ts';
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
      const names = lists.map((list) => (list === 'unknown' ? list : list.map((one) => one.name).join('+')));
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
