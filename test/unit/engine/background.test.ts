import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createPlays, tasks } from '../../rig/plays.ts';

const { play: playOn, cleanUp } = createPlays();
afterEach(cleanUp);

/** What runs apart from a connection is known by the id of its run, so that each has its own. */
const play: typeof playOn = (yaml, options) => playOn(yaml, { runId: `background-${randomUUID()}`, ...options });

const awaitJob = `- name: wait
  async_status: {jid: "{{ job.ansible_job_id }}"}
  register: done
  until: done is finished
  retries: 50
  delay: 0.1
  ignore_errors: true
- name: clean
  async_status: {jid: "{{ job.ansible_job_id }}", mode: cleanup}
  register: cleaned`;

describe('a task with async', () => {
  it('starts a command, goes on at once, and has its result later', async () => {
    const { results, story, dir } = await play(
      tasks(
        `- name: start\n  shell: "sleep 0.3; echo 'a \\"b\\"\\\\'; printf 'c\\td'; echo >{{ root }}/done"\n  async: 20\n  poll: 0\n  register: job\n${awaitJob}`,
      ),
    );
    expect(story.slice(0, 1)).toEqual(['start: h1 changed']);
    const started = results('start')[0]?.result;
    expect(started).toMatchObject({ changed: true, started: true, finished: false });
    const { ansible_job_id: job, results_file: file } = started ?? {};
    if (typeof job !== 'string' || typeof file !== 'string') throw new Error('The job has no name or no file');
    expect(file).toBe(join(homedir(), '.ansible_async', job));
    expect(results('wait')[0]).toMatchObject({
      outcome: 'changed',
      result: {
        changed: true,
        finished: true,
        rc: 0,
        stdout: 'a "b"\\\nc\td',
        stdout_lines: ['a "b"\\', 'c\td'],
        stderr: '',
        delta: expect.stringMatching(/^0:00:0\d\.\d{6}$/),
      },
    });
    expect(existsSync(join(dir, 'hosts/h1/done'))).toBe(true);
    expect(existsSync(file)).toBe(false);
  });

  it('shows the failure of a job where its result is asked for, not where it started', async () => {
    const { story, results } = await play(
      tasks(`- name: start\n  shell: "echo no >&2; exit 3"\n  async: 20\n  poll: 0\n  register: job\n${awaitJob}`),
    );
    expect(story).toEqual(['start: h1 changed', 'wait: h1 failed', 'clean: h1 ok']);
    expect(results('wait')[0]?.result).toMatchObject({
      failed: true,
      finished: true,
      rc: 3,
      stderr: 'no',
      msg: 'non-zero return code',
    });
  });

  it('ends a job that takes longer than it may, with all that it started', async () => {
    const { results, dir } = await play(
      tasks(
        `- name: start\n  shell: "sh -c 'echo $$ >{{ root }}/pid; exec sleep 60'; true"\n  async: 1\n  poll: 0\n  register: job\n${awaitJob}`,
      ),
    );
    expect(results('wait')[0]?.result).toMatchObject({ failed: true, finished: true, msg: 'Timeout exceeded' });
    const pid = readFileSync(join(dir, 'hosts/h1/pid'), 'utf8').trim();
    expect(existsSync(`/proc/${pid}/exe`) && statSync(`/proc/${pid}`).isDirectory()).toBe(false);
  });

  it('keeps the result of a module that is no command for async_status, its failure too', async () => {
    const { story, results } = await play(
      tasks(
        `- name: start\n  file: {path: "{{ root }}/x/y", state: touch}\n  async: 20\n  poll: 0\n  register: job\n${awaitJob}`,
      ),
    );
    expect(story).toEqual(['start: h1 changed', 'wait: h1 failed', 'clean: h1 ok']);
    expect(results('start')[0]?.result).toMatchObject({ started: true, finished: false, failed: false });
    expect(results('wait')[0]?.result).toMatchObject({ failed: true, finished: true });
  });

  it('waits for a command where it polls, and fails when the time is over', async () => {
    const { results } = await play(
      tasks(
        '- name: fine\n  command: echo hi\n  async: 20\n  poll: 1\n- name: late\n  command: sleep 30\n  async: 1\n  poll: 1',
      ),
    );
    expect(results('fine')[0]).toMatchObject({
      outcome: 'changed',
      result: { stdout: 'hi', started: true, finished: true, ansible_job_id: expect.stringMatching(/^j\d{12}\.\d+$/) },
    });
    expect(results('late')[0]?.result).toMatchObject({
      failed: true,
      msg: 'async task did not complete within the requested time - 1s',
      async_result: { finished: false },
    });
  });

  it('refuses what has no background, as Ansible does', async () => {
    const { results } = await play(
      tasks('- name: copied\n  copy: {content: x, dest: "{{ root }}/x"}\n  async: "{{ 5 }}"'),
    );
    expect(results('copied')[0]?.result).toMatchObject({ msg: 'This action (copy) does not support async.' });
  });

  it('starts nothing in check mode, and does not know what would come of it', async () => {
    const { story } = await play(
      tasks(`- name: start\n  command: "true"\n  async: 20\n  poll: 0\n  register: job\n${awaitJob}`),
      { check: true },
    );
    expect(story).toEqual(['start: h1 unknown', 'wait: h1 unknown', 'clean: h1 unknown']);
  });

  it('knows no job that nobody started', async () => {
    const { results } = await play(tasks('- name: ask\n  async_status: {jid: "123.45"}'));
    expect(results('ask')[0]?.result).toMatchObject({ failed: true, finished: true, msg: 'could not find job' });
  });
});
