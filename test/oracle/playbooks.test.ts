import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playbookCases, prepare } from './playbook-cases.ts';
import { comparable, exitClass, filesOf, inOrder } from './playbook-compare.ts';
import { type Answer, logOf, startAnsible } from './playbook-driver.ts';
import { loadHlb, runHlb } from './playbook-hlb.ts';

/**
 * The same playbook by ansible-core 2.19 and by `hlb play`: recap, order, what each task came to, and the files left
 * behind must be equal. A file in playbooks/ is a list of cases, one topic a file:
 *
 *   - name: reads like a sentence on behavior
 *     files:                       # beside site.yml, all texts; `name!` is executable
 *       site.yml: |
 *         - hosts: all             # `hosts: all` and `gather_facts: false` unless the case is about them
 *       group_vars/all.yml: ...
 *     inventory: |                 # INI; absent: h1, h2 and h3 in [nodes]. Every host is local, with {{ scratch }} as its
 *       [web]                      # own folder, which is there
 *     args: [--limit, h1]          # as both programs take them; DIR is the folder of the case
 *     exit: ok                     # or failed, unreachable, refused (before any task ran); absent: ok
 *     playbooks: [site.yml]        # absent: site.yml
 *     unordered: true              # only the order on each host counts (strategy: free)
 *     differs:                     # only for what docs/guide/coming-from-ansible.md lists under "What a playbook does
 *       why: its first column      #   differently"; `exit`, above, is then Ansible's alone, and hlb must do this:
 *       exit: refused
 *       says: undefined-variable   # a part of what hlb writes for a person
 *       story: ['task: h1 ok']     # all that hlb ran, where it ran
 *
 * What is left out of the comparison is in playbook-compare.ts. Ansible's own output is in the message of a difference.
 */
/** `HLB_PLAYBOOKS=roles` runs the topics and names that match alone. */
const chosen = new RegExp(process.env['HLB_PLAYBOOKS'] ?? '');
const all = playbookCases();
const cases = all
  .filter(({ topic, name }) => chosen.test(`${topic}: ${name}`))
  .map((one, index) => ({ ...one, index }));
const different = all.flatMap(({ differs }) => (differs === undefined ? [] : [differs.why]));

function failuresOf({ steps }: Answer): string {
  const failed = steps.filter((step) => step.outcome === 'failed');
  return failed.map((step) => `${step.task}: ${step.host}: ${JSON.stringify(step.result)}\n`).join('');
}

const root = mkdtempSync(join(tmpdir(), 'hlb-playbooks-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe(`${all.length} playbooks do with hlb what they do with ansible-core, or differ on purpose (${different.length})`, () => {
  let answer: (index: number) => Promise<Answer>;
  const theirs = cases.map((one) => prepare(join(root, 'a'), one));
  const ours = cases.map((one) => prepare(join(root, 'h'), one));
  beforeAll(async () => {
    [answer] = await Promise.all([startAnsible(theirs, join(root, 'home')), loadHlb()]);
  });

  // Most of the time goes by in Ansible's processes, which a machine that does other things lets wait.
  it.each(cases)(
    '$topic: $name',
    async (one) => {
      const [mine, their] = [ours[one.index], theirs[one.index]];
      if (mine === undefined || their === undefined) throw new Error('No folder was prepared');
      const [hlb, ansible] = await Promise.all([runHlb(one.index, mine), answer(one.index)]);
      const log = logOf(their);
      expect(exitClass(ansible), `Ansible: ${ansible.error}\n${log}${failuresOf(ansible)}`).toBe(one.exit);
      if (one.differs !== undefined) {
        expect(exitClass(hlb), hlb.says).toBe(one.differs.exit);
        expect(hlb.says).toContain(one.differs.says ?? '');
        const story = inOrder(hlb.steps).map((step) => `${step.task}: ${step.host} ${step.outcome}`);
        if (one.differs.story !== undefined) expect(story).toEqual(one.differs.story);
        return;
      }
      expect(exitClass(hlb), `${hlb.says}${failuresOf(hlb)}`).toBe(one.exit);
      if (one.exit === 'refused') return;
      const [want, got] = comparable(
        { ...ansible, dir: their.dir },
        { ...hlb, dir: mine.dir },
        { ordered: !one.unordered },
      );
      expect(got.story, `${hlb.says}\n${log}`).toEqual(want.story);
      expect(got.results, log).toEqual(want.results);
      expect(got.recap).toEqual(want.recap);
      expect(filesOf(mine.dir)).toEqual(filesOf(their.dir));
    },
    300_000,
  );

  it('is held by a case wherever the guide says that it differs, and nowhere else', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../docs/guide/coming-from-ansible.md'), 'utf8');
    const [, section = ''] = /^## What a playbook does differently\n([^]*?)^## /m.exec(guide) ?? [];
    const rows = [...section.matchAll(/^\| ([^|-][^|]*) \| /gm)].map(([, first = '']) => first);
    expect(new Set(different)).toEqual(new Set(rows));
  });
});
