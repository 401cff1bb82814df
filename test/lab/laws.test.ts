import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readLaws } from '../rig/laws.ts';
import { labFor, noLabReason, type TestLab } from '../rig/lab.ts';
import { folder, runPlay } from '../rig/run-play.ts';

/** The laws of modules (design §3), on a real host; laws.yml says what they are. */

const reason = noLabReason();
if (reason !== undefined) process.stderr.write(`skipped: laws on a lab host, because ${reason}\n`);

const laws = readLaws().filter(({ elsewhere }) => elsewhere === undefined);
/** What comes of it in check mode, then for real, in check mode once more, and for real again. */
const outcomes = {
  converges: [['changed', 'unknown'], ['changed'], ['ok', 'skipped', 'unknown'], ['ok', 'skipped']],
  always: [['changed', 'unknown'], ['changed'], ['changed', 'unknown'], ['changed']],
  // What waits cannot say ahead whether its time will be enough.
  reads: [['ok', 'unknown'], ['ok'], ['ok', 'unknown'], ['ok']],
} as const;

/** The same bytes each time: another time of change in it would be a change. */
const archive = execFileSync('/bin/sh', ['-c', 'd=$(mktemp -d); echo y > $d/y; tar -C $d -cz .; rm -r $d']);

describe.skipIf(reason !== undefined)('on a lab host', () => {
  let lab: TestLab;
  let server: Server;
  let url = '';
  const here = mkdtempSync(join(tmpdir(), 'hlb-laws-'));
  beforeAll(async () => {
    lab = await labFor('laws', { shape: { controlPlanes: 1, workers: 0 }, fresh: true });
    const gateway = lab.hosts[0]?.address.replace(/\.\d+$/, '.1') ?? '127.0.0.1';
    const content = 'fetched\n';
    const sums = `${createHash('sha256').update(content).digest('hex')}  file\n`;
    server = createServer((request, response) => response.end(request.url === '/SUMS' ? sums : content));
    await new Promise<void>((resolve) => server.listen(0, gateway, resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('The server has no port');
    url = `http://${gateway}:${address.port}`;
    await lab.sh('cp1', 'mkdir -p /opt/laws');
  });
  afterAll(async () => {
    server.close();
    rmSync(here, { recursive: true });
    await lab.down();
  });

  /** Runs one task; its outcome, and what it said. */
  async function once(task: Readonly<Record<string, unknown>>, check: boolean): Promise<readonly [string, string]> {
    const play = [
      { hosts: 'cp1', gather_facts: false, vars: { server: url, here }, tasks: [{ name: 'law', ...task }] },
    ];
    const files = folder({
      'site.yml': stringify(play),
      inventory: readFileSync(lab.inventory, 'utf8'),
      't.j2': 'rendered {{ inventory_hostname }}\n',
      'tree/a': 'a\n',
      'tree/sub/b': 'b\n',
      'vars/law.yml': 'law: 1\n',
      'make.sh': '#!/bin/sh\ntouch "$1"\n',
    });
    try {
      writeFileSync(join(files.dir, 'a.tgz'), archive);
      const ran = await runPlay(files.dir, { check });
      const [result] = ran.results('law');
      return [result?.outcome ?? 'none', JSON.stringify(result?.failure ?? result?.result)];
    } finally {
      files.remove();
    }
  }

  for (const [index, { task, law, before, here: script, after, skip }] of laws.entries()) {
    const name = `${index + 1}: ${JSON.stringify(task)}`;
    it.skipIf(skip !== undefined)(skip === undefined ? name : `${name} (${skip})`, async () => {
      if (script !== undefined) execFileSync('/bin/sh', ['-c', script], { cwd: here });
      if (before !== undefined) await lab.sh('cp1', before);
      for (const [step, allowed] of outcomes[law].entries()) {
        const place = script === undefined ? {} : { delegate_to: 'localhost' };
        const [outcome, said] = await once({ ...task, ...place }, step % 2 === 0);
        expect(allowed, `step ${step + 1}: ${said}`).toContain(outcome);
      }
      if (after !== undefined) await lab.sh('cp1', after);
    });
  }
});
