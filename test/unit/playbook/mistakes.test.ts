import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../src/core/diagnostic-order.ts';
import { lines, load } from './harness.ts';
import { gatherInventory } from './inventory.ts';

const site = `---
- name: Prepare the nodes
  hosts: control_plans
  become: true
  gather_facts: no
  vars:
    lb_port: 16443
    endpoint: "127.0.0.1:{{ lb_prt }}"
  roles:
    - balancr
  tasks:
    - name: Install what is needed
      aptt:
        name: haproxy
    - name: Write the configuration
      template:
        src: haproxy.cfg.j3
        dest: /etc/haproxy/haproxy.cfg
        mode: 644
        owners: root
      notify: Reload haproxi
    - name: Look
      command: haproxy -v
      register: version
      changed_when: false
      retry: 3
    - name: Say it
      debug:
        msg: "{{ version.stdot }} at {{ endpoint }}"
      when: version.rc = 0
    - name: Two at once
      file: path=/run/haproxy state=directory
      command: systemctl restart haproxy
    - name: Wait
      wait_for:
        port: lb
        timeout: 10
      loop: "{{ version.stdout }}"
    - include_tasks: tasks/verfy.yml
    - name: Broken template
      debug:
        msg: "{{ groups.control_planes | frist }}"
    - name: Nothing
      when: true
  handlers:
    - name: Reload haproxy
      systemd:
        name: haproxy
        state: reloded
`;

describe('A playbook with many mistakes', () => {
  const { diagnostics } = load(site, {
    files: {
      'templates/haproxy.cfg.j2': 'bind {{ lb_port }}\n',
      'roles/balancer/tasks/main.yml': '- name: Balance\n  command: /bin/true\n  become_usr: root\n',
      'tasks/verify.yml': '- name: Verify\n  uri:\n    url: http://127.0.0.1/\n    methode: GET\n',
    },
    inventory: gatherInventory(['control_planes']),
  });

  it('shows all of them at once, each with its line and column', () => {
    expect(lines(inOrder(diagnostics)).filter((line) => line.startsWith('site.yml'))).toEqual([
      'site.yml:3:10 playbook/unknown-host-pattern: No host or group of the inventory is named "control_plans" (Did you mean "control_planes"?)',
      'site.yml:5:17 warning args/yaml11-boolean: "no" is text in YAML 1.2 and is read as false here (Write false)',
      'site.yml:8:29 playbook/undefined-variable: Nothing defines the variable "lb_prt" (Did you mean "lb_port"?)',
      'site.yml:10:7 playbook/unknown-role: There is no role "balancr" (Did you mean "balancer"?)',
      'site.yml:13:7 playbook/unknown-module: Unknown module "aptt" (Did you mean "apt"?)',
      'site.yml:17:14 playbook/file-not-found: There is no file "haproxy.cfg.j3" in templates/ or beside the playbook (Did you mean "haproxy.cfg.j2"?)',
      'site.yml:19:15 args/bad-value: "mode" of "template": a mode is octal text such as "0644"; the bare number 644 is decimal, write "0644" in quotes',
      'site.yml:20:9 args/unknown-parameter: "template" has no parameter "owners" (Did you mean "owner"?)',
      'site.yml:21:15 playbook/unknown-handler: No handler is named "Reload haproxi" or listens to it (Did you mean "Reload haproxy"?)',
      'site.yml:26:7 playbook/unknown-keyword: Unknown keyword "retry" of a task (Did you mean "retries"?)',
      'site.yml:29:18 playbook/unknown-field: "version" has no field "stdot" (Did you mean "stdout"?)',
      'site.yml:30:24 expr/unexpected-token: Expected the end of the expression, found "=" (Write "==" to compare)',
      'site.yml:33:7 playbook/several-actions: A task does one thing, this one names "file" and "command" (Begin a task of its own with "- ")',
      'site.yml:36:15 args/bad-value: "port" of "wait_for": expected a whole number from 1 to 65535, found "lb"',
      'site.yml:38:13 playbook/loop-not-list: loop expects a list, and this is text (Loop over a list of it, such as stdout_lines)',
      'site.yml:39:22 playbook/file-not-found: There is no file of tasks "tasks/verfy.yml" (Did you mean "verify.yml"?)',
      'site.yml:42:42 expr/unknown-filter: Unknown filter "frist" (Did you mean "first"?)',
      'site.yml:43:7 playbook/no-action: This task names no module, so it would do nothing (Add a line such as "command: ...")',
      'site.yml:49:16 args/bad-value: "state" of "systemd": expected one of "reloaded", "restarted", "started", "stopped" (Did you mean "reloaded"?)',
    ]);
  });

  it('shows those of the files that were meant by misspelt names too', () => {
    expect(lines(inOrder(diagnostics)).filter((line) => !line.startsWith('site.yml'))).toEqual([
      'roles/balancer/tasks/main.yml:3:3 playbook/unknown-keyword: Unknown keyword "become_usr" of a task (Did you mean "become_user"?)',
      'tasks/verify.yml:4:5 args/unknown-parameter: "uri" has no parameter "methode" (Did you mean "method"?)',
    ]);
  });
});
