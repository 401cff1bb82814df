import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadInventory } from '../../src/inventory/load.ts';
import { orderHosts } from '../../src/inventory/order.ts';
import { limitHosts, matchHosts } from '../../src/inventory/patterns.ts';
import { type Answer, askAnsible } from './inventory-driver.ts';

const root = mkdtempSync(join(tmpdir(), 'hlb-patterns-'));
afterAll(() => rmSync(root, { recursive: true }));

const hosts = `
alone
localhost.example.org
10.0.0.1
2001:db8::7

[web]
web2
web1
web10
web3.example.org

[db]
db1
db2
web1

[eu]
web1
db2
fr-1

[us]
web2
web10

[regions:children]
us
eu

[web_old]
old1

[cluster:children]
web
db

[empty]
`;

/** One after the other, a broken bar between them. */
const patterns = [
  ...String.raw`all ¦ * ¦ web ¦ db ¦ regions ¦ cluster ¦ empty ¦ ungrouped ¦ alone ¦ web1 ¦ missing ¦ web1,web2 ¦ web2,web1
web:db ¦ db:web ¦ web,db ¦ web, db , alone ¦ web:&eu ¦ web:!eu ¦ &eu ¦ !eu ¦ !web:all ¦ all:!web:&regions ¦ &eu:web:!web1
web:db:&eu:!fr-1 ¦ web* ¦ w?b1 ¦ web[12] ¦ web[!1] ¦ web[1-2] ¦ *.example.org ¦ web*.org ¦ *1 ¦ db? ¦ w*:!*.org ¦ [dw]*
fr-* ¦ al* ¦ ung* ¦ e* ¦ ~web ¦ ~web\d ¦ ~^web1$ ¦ ~(web|db)1 ¦ ~.*\.org ¦ ~1$ ¦ ~old ¦ ~(?i)WEB1$ ¦ ~web(?P<n>1)$
!~web:all ¦ ~[we]b ¦ ~[ ¦ web[0] ¦ web[-1] ¦ web[1] ¦ web[0:1] ¦ web[1:] ¦ web[1:9] ¦ web[3:1] ¦ web[-2] ¦ all[0] ¦ all[-1]
cluster[0:2] ¦ regions[2] ¦ empty[0] ¦ web[9] ¦ w*[0] ¦ w*[1:3] ¦ *[0:3] ¦ web[0]:db[0] ¦ web[0],db[1] ¦ all:!web[0]
all:&web[0:1] ¦ web[0:0] ¦ db[2:] ¦ 10.0.0.1 ¦ 10.0.0.* ¦ 2001:db8::7 ¦ 2001:db8::7,web1 ¦ 2001:db8::* ¦ web1:2001:db8::7
10.0.0.1:22 ¦ localhost ¦ 127.0.0.1 ¦ ::1 ¦ localhost,web1 ¦ localhost* ¦ , ¦ : ¦ web::db ¦ web,,db ¦ web db ¦ web1;web2
web[ ¦ web] ¦ web[] ¦ web[a] ¦ web[a:b] ¦ web_old ¦ web-old ¦ WEB`.split(/ ¦ |\n/),
  '',
  ' web ',
];

const limits = ['web', 'web1', 'all', 'eu:us', '!web1', '&eu', 'web[0:1]', 'web*:!web1', 'db1,web2', '@limit'];
const orders = ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted'] as const;

interface Question {
  readonly pattern: string;
  readonly limit?: string;
  readonly order?: (typeof orders)[number];
}
const questions: readonly Question[] = [
  ...patterns.map((pattern) => ({ pattern })),
  ...limits.flatMap((limit) =>
    ['all', 'cluster', 'web:db', 'eu'].map((pattern) => ({
      pattern,
      limit: limit === '@limit' ? `@${root}/limit` : limit,
    })),
  ),
  ...orders.map((order) => ({ pattern: 'cluster', order })),
];

writeFileSync(join(root, 'hosts'), hosts);
writeFileSync(join(root, 'limit'), 'web1\n\n  db2  \nalone\n');
const { inventory } = await loadInventory({
  sources: [join(root, 'hosts')],
  playbookDirs: [],
  runProgram: () => Promise.reject(new Error('there is no program')),
});
const asked = await askAnsible([{ sources: [join(root, 'hosts')], patterns: questions }], root);
/** Of each question several, since Ansible leaves the order of groups below groups to chance. */
const answers = (typeof asked === 'string' ? [] : (asked[0] ?? [])).slice(2).map(listed);

/** The answers to all questions at once. */
function listed(answer: Answer): readonly Answer[] {
  if (typeof answer !== 'string' && !('error' in answer)) return answer;
  throw new Error(`Expected a list, found ${JSON.stringify(answer)}`);
}

describe.skipIf(typeof asked === 'string')(`a host pattern${typeof asked === 'string' ? ` (${asked})` : ''}`, () => {
  it.each(questions.map((question, index) => ({ ...question, index, limited: question.limit ?? '-' })))(
    'finds what Ansible finds: $pattern, limit $limited',
    ({ pattern, limit, order = 'inventory', index }) => {
      const matched = matchHosts(pattern, inventory);
      const limited = limit === undefined ? undefined : new Set(limitHosts(limit, inventory).hosts);
      const left = matched.hosts.filter((host) => limited?.has(host) ?? true);
      const [expected] = answers.map((all) => all[index]);
      if (expected === undefined || typeof expected === 'string' || 'error' in expected) {
        expect(matched.diagnostics.map((one) => one.severity)).toContain('error');
        return;
      }
      const found = orderHosts(left, order, () => 0);
      const decided = answers.every((all) => JSON.stringify(all[index]) === JSON.stringify(expected));
      if (decided) expect(found).toEqual(expected);
      else expect([...found].sort()).toEqual([...expected].sort());
    },
  );
});
