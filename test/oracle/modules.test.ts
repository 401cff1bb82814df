import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { runAnsible } from '../rig/ansible.ts';
import { folder, runPlay } from '../rig/run-play.ts';

/** The same tasks by Ansible and by hlb: what they change, what they return, and what is there afterwards must be equal. */

const File = z.union([z.string(), z.strictObject({ link: z.string() })]);
const OracleCase = z.strictObject({
  name: z.string(),
  /** What lies in the case's folder of the host at first. */
  files: z.record(z.string(), File).default({}),
  /** What lies beside the playbook. */
  controller: z.record(z.string(), z.string()).default({}),
  /** Programs without which it cannot run. */
  needs: z.array(z.string()).default([]),
  /** What of the results may differ; the case says why beside it. */
  ignore: z.array(z.string()).default([]),
  tasks: z.array(z.record(z.string(), z.unknown())),
});
type OracleCase = z.output<typeof OracleCase>;

const at = join(import.meta.dirname, 'modules');
const all = readdirSync(at).flatMap((file) => z.array(OracleCase).parse(parse(readFileSync(join(at, file), 'utf8'))));
const isThere = (program: string): boolean => ['/usr/bin', '/bin'].some((folder) => existsSync(join(folder, program)));
const cases = all.filter((one) => one.needs.every(isThere));

/** Differs between two runs, or tells what only Ansible's own inside has. */
const volatile = new Set([
  '_ansible_no_log',
  '_ansible_verbose_always',
  '_ansible_verbose_override',
  'action',
  'ansible_facts',
  'ansible_loop_var',
  'atime',
  'attr_flags',
  'attributes',
  'block_size',
  'blocks',
  'charset',
  'ctime',
  'date',
  'elapsed',
  'delta',
  'dev',
  'device_type',
  'diff',
  'end',
  'exception',
  'inode',
  'invocation',
  'mimetype',
  'module_stderr',
  'module_stdout',
  'mtime',
  'start',
  'version',
  'warnings',
  'deprecations',
]);

function slug(name: string): string {
  return name.replaceAll(/\W+/g, '-');
}

function taskName(one: OracleCase, index: number): string {
  return `${slug(one.name)} ${index + 1}`;
}

function prepare(root: string, one: OracleCase): string {
  const home = join(root, slug(one.name));
  mkdirSync(home, { recursive: true });
  for (const [name, file] of Object.entries(one.files)) {
    const path = join(home, name);
    mkdirSync(dirname(path), { recursive: true });
    if (typeof file === 'string') {
      writeFileSync(path, file);
      chmodSync(path, 0o644);
    } else symlinkSync(file.link, path);
  }
  return home;
}

/** A folder's tree, with what Ansible and hlb may shape. */
function treeOf(path: string): unknown {
  const info = lstatSync(path);
  if (info.isSymbolicLink()) return { link: readlinkSync(path) };
  const mode = (info.mode & 0o7777).toString(8);
  if (!info.isDirectory()) return { mode, text: readFileSync(path, 'utf8'), links: info.nlink };
  const entries = readdirSync(path)
    .sort()
    .filter((name) => !/~$|^\.git$|^known\.old$/.test(name));
  return { mode, entries: Object.fromEntries(entries.map((name) => [name, treeOf(join(path, name))])) };
}

/** A server for modules that ask one. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const path = request.url ?? '/';
    const body = Buffer.concat(chunks).toString('utf8');
    const status = /^\/status\/(\d+)/.exec(path)?.[1];
    response.setHeader('Connection', 'close');
    if (status !== undefined)
      return response.writeHead(Number(status), 'In Own Words', { 'Content-Length': 4 }).end('body');
    if (path === '/moved') return response.writeHead(302, { Location: '/text', 'Content-Length': 0 }).end();
    if (path === '/sums') return reply(response, 'text/plain', `${sha256('text\n')}  text\n`);
    if (path !== '/echo') return reply(response, 'text/plain', 'text\n');
    const { authorization = null, 'content-type': type = null, 'x-test': test = null } = request.headers;
    return reply(
      response,
      'application/json',
      JSON.stringify({ method: request.method, body, authorization, type, test }),
    );
  });
}

function reply(response: ServerResponse, type: string, body: string): ServerResponse {
  const headers = { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body), 'Set-Cookie': 'a=b; Path=/' };
  return response.writeHead(200, headers).end(body);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hasPath(value: unknown): value is { readonly path: string } {
  return typeof value === 'object' && value !== null && 'path' in value && typeof value.path === 'string';
}

function comparable(value: unknown, root: string): unknown {
  // Ansible copies to a temporary folder first, and names that.
  if (typeof value === 'string') return /\/\.ansible\/tmp\//.test(value) ? undefined : value.replaceAll(root, 'ROOT');
  if (Array.isArray(value)) {
    const all = value.map((one) => comparable(one, root));
    // The order of a directory's entries is the file system's.
    return all.every(hasPath) ? all.sort((a, b) => (a.path < b.path ? -1 : 1)) : all;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !volatile.has(key));
  return Object.fromEntries(entries.map(([key, one]) => [key.replaceAll(root, 'ROOT'), comparable(one, root)]));
}

for (const one of all.filter((each) => !cases.includes(each))) {
  it.skip(`${one.name} (this machine has no ${one.needs.filter((program) => !isThere(program)).join(', ')})`, () =>
    undefined);
}

describe('a module does what Ansible does', async () => {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  const ansible = folder({});
  const hlb = folder({});
  afterAll(() => {
    server.close();
    ansible.remove();
    hlb.remove();
  });
  for (const { dir } of [ansible, hlb]) {
    const blocks = cases.map((one) => {
      const d = prepare(join(dir, 'host'), one);
      for (const [name, text] of Object.entries(one.controller)) {
        mkdirSync(dirname(join(dir, name)), { recursive: true });
        writeFileSync(join(dir, name), text);
      }
      const tasks = one.tasks.map((task, index) => ({ name: taskName(one, index), ...task, ignore_errors: true }));
      return { name: one.name, vars: { d, server: url }, block: tasks };
    });
    const play = [{ hosts: 'all', gather_facts: false, tasks: blocks }];
    writeFileSync(join(dir, 'site.yml'), stringify(play));
    writeFileSync(join(dir, 'inventory'), 'h1 ansible_connection=local\n');
  }
  const theirs = await runAnsible(ansible.dir, 'site.yml', 'h1');
  const ours = await runPlay(hlb.dir);

  for (const one of cases) {
    describe(one.name, () => {
      for (const [index, task] of one.tasks.entries()) {
        it(`${index + 1}: ${JSON.stringify(task)}`, () => {
          const name = taskName(one, index);
          const expected = theirs.get(name);
          const got = ours.results(name)[0];
          expect(got, 'hlb ran the task').toBeDefined();
          const mine = comparable(got?.result, hlb.dir);
          const their = comparable(expected, ansible.dir);
          if (typeof mine !== 'object' || mine === null || typeof their !== 'object' || their === null) return;
          const failed = 'failed' in their && their.failed === true;
          expect(got?.outcome === 'failed', JSON.stringify(got?.failure)).toBe(failed);
          expect(got?.result['changed'] ?? false).toBe('changed' in their && their.changed === true);
          // What a failure says is each program's own, what it counts is not.
          const own = failed ? [...one.ignore, 'msg', 'response'] : one.ignore;
          const shared = Object.fromEntries(
            Object.entries(their).filter(([key, value]) => key in mine && value !== undefined && !own.includes(key)),
          );
          expect(mine).toMatchObject(shared);
        });
      }

      it('leaves the same behind', () => {
        expect(treeOf(join(hlb.dir, 'host', slug(one.name)))).toEqual(
          treeOf(join(ansible.dir, 'host', slug(one.name))),
        );
      });
    });
  }
});
