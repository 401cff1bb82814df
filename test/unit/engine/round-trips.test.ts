import { afterEach, describe, expect, it } from 'vitest';
import { createPlays, tasks } from '../../rig/plays.ts';
import { runPlay } from '../../rig/run-play.ts';

const { play, cleanUp } = createPlays();
afterEach(cleanUp);

/** Ten directories, ten files in them and ten lines of one file. */
const thirty = tasks(
  Array.from({ length: 10 }, (_, index) => [
    `- file: {path: "{{ root }}/d${index}", state: directory, mode: "0755"}`,
    `- copy: {content: "{{ inventory_hostname }} ${index}\\n", dest: "{{ root }}/d${index}/f", mode: "0644"}`,
    `- lineinfile: {path: "{{ root }}/lines", line: "line ${index}", create: true, mode: "0644"}`,
  ])
    .flat()
    .join('\n'),
);

describe('round trips', () => {
  it('are two for thirty file tasks that all change something, and one when nothing is to do', async () => {
    const cold = await play(thirty, { hosts: 2 });
    expect(cold.outcome.hosts['h1']).toMatchObject({ changed: 30, roundTrips: 2 });
    expect(cold.outcome.hosts['h2']).toMatchObject({ changed: 30, roundTrips: 2 });
    const warm = await runPlay(cold.dir);
    expect(warm.outcome.hosts['h1']).toMatchObject({ ok: 30, changed: 0, roundTrips: 1 });
  });

  it('are as many as the tasks need one by one without fusing', async () => {
    const cold = await play(thirty, { fuse: false });
    expect(cold.outcome.hosts['h1']).toMatchObject({ changed: 30, roundTrips: 60 });
  });

  it('are one for commands that nobody reads and files after them that are right', async () => {
    const yaml = tasks(
      '- command: "true"\n  changed_when: false\n- shell: "true"\n  changed_when: false\n- command: "true"',
    );
    expect((await play(yaml)).outcome.hosts['h1']?.roundTrips).toBe(1);
  });
});
