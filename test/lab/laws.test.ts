import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { labFor, noLabReason, type TestLab } from '../rig/lab.ts';
import { folder, runPlay } from '../rig/run-play.ts';

/** The laws of what converges (design §3), on a real host: apply then plan is empty, a second apply changes nothing. */

const reason = noLabReason();
if (reason !== undefined) process.stderr.write(`skipped: laws on a lab host, because ${reason}\n`);

const Law = z
  .looseObject({ before: z.string().optional(), after: z.string().optional(), skip: z.string().optional() })
  .transform(({ before, after, skip, ...task }) => ({ before, after, skip, task }));
const laws = z.array(Law).parse(parse(readFileSync(join(import.meta.dirname, 'laws.yml'), 'utf8')));

const archive = (): Buffer => {
  const script = 'd=$(mktemp -d); echo y > $d/y; tar -C $d -cz .; rm -r $d';
  return execFileSync('/bin/sh', ['-c', script]);
};

describe.skipIf(reason !== undefined)('on a lab host', () => {
  let lab: TestLab;
  let server: Server;
  let url = '';
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
    await lab.down();
  });

  /** Runs one task; its outcome, and what it said. */
  async function once(task: Readonly<Record<string, unknown>>, check: boolean): Promise<readonly [string, string]> {
    const play = [{ hosts: 'cp1', gather_facts: false, vars: { server: url }, tasks: [{ name: 'law', ...task }] }];
    const files = folder({
      'site.yml': stringify(play),
      inventory: readFileSync(lab.inventory, 'utf8'),
      't.j2': 'rendered {{ inventory_hostname }}\n',
      'tree/a': 'a\n',
      'tree/sub/b': 'b\n',
      'make.sh': '#!/bin/sh\ntouch "$1"\n',
    });
    try {
      writeFileSync(join(files.dir, 'a.tgz'), archive());
      const ran = await runPlay(files.dir, { check });
      const [result] = ran.results('law');
      return [result?.outcome ?? 'none', JSON.stringify(result?.failure ?? result?.result)];
    } finally {
      files.remove();
    }
  }

  for (const [index, { task, before, after, skip }] of laws.entries()) {
    const name = `${index + 1}: ${JSON.stringify(task)}`;
    it.skipIf(skip !== undefined)(skip === undefined ? name : `${name} (${skip})`, async () => {
      if (before !== undefined) await lab.sh('cp1', before);
      const [planned, plan] = await once(task, true);
      expect(['changed', 'unknown'], plan).toContain(planned);
      const [applied, how] = await once(task, false);
      expect(applied, how).toBe('changed');
      const [again, left] = await once(task, true);
      expect(['ok', 'skipped', 'unknown'], left).toContain(again);
      const [second, why] = await once(task, false);
      expect(['ok', 'skipped'], why).toContain(second);
      if (after !== undefined) await lab.sh('cp1', after);
    });
  }
});
