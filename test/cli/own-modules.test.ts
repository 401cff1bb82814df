import { describe, expect, it } from 'vitest';
import { lines, setupHlb } from '../rig/hlb.ts';
import { readPage } from '../unit/docs/pages.ts';

/** Modules that lie beside a playbook; the one here is the guide's own. */

const { fences } = readPage('docs/guide/writing-a-module.md');
const banner = fences.find(({ language }) => language === 'ts')?.text ?? '';
const inventory = 'h1 ansible_connection=local\n';

const play = (task: string): string =>
  lines('- hosts: all', '  gather_facts: false', '  tasks:', `    - ${task}`, '      register: banner');

describe('a module beside a playbook', () => {
  it('is written in TypeScript, checked and run like a built-in one', async () => {
    const rig = await setupHlb({ inventory, 'modules/login_banner.ts': banner });
    const site = lines(
      '- hosts: all',
      '  gather_facts: false',
      '  tasks:',
      '    - name: banner',
      `      login_banner: {text: Authorized, path: ${rig.dir}/issue}`,
      '      register: banner',
      '    - debug: {msg: "{{ banner.path }}"}',
    );
    await rig.write('site.yml', site);
    const first = await rig.hlb(['play', 'site.yml', '-i', 'inventory']);
    expect(first.stdout).toContain('changed: [h1]');
    expect(await rig.read('issue')).toBe('Authorized\n');
    const second = await rig.hlb(['play', 'site.yml', '-i', 'inventory']);
    expect(second.stdout).toContain('changed=0');
  });

  it('has its parameters and results checked before connecting', async () => {
    const rig = await setupHlb({ inventory, 'library/login_banner.ts': banner });
    const site = `${play('login_banner: {txt: x}')}    - debug: {msg: "{{ banner.pth }}"}\n`;
    await rig.write('site.yml', site);
    const { code, stdout, stderr } = await rig.hlb(['check', 'site.yml', '-i', 'inventory']);
    const said = stdout + stderr;
    expect(code).toBe(5);
    expect(said).toContain('site.yml:4:22 error args/unknown-parameter: "login_banner" has no parameter "txt"');
    expect(said).toContain('site.yml:6:24 error playbook/unknown-field: "banner" has no field "pth"');
  });

  it('may import files beside it, which begin with "_"; tests are none', async () => {
    const rig = await setupHlb({
      inventory,
      'modules/login_banner.ts': banner.replace("from 'hlb/module';", "from 'hlb/module';\nimport './_shared.ts';"),
      'modules/_shared.ts': 'export type Nothing = undefined;\n',
      'modules/login_banner.test.ts': 'throw new Error("a test was loaded");\n',
      'site.yml': play('login_banner: {text: x}'),
    });
    expect(await rig.hlb(['check', 'site.yml', '-i', 'inventory'])).toMatchObject({ code: 0 });
  });

  it('that never ends loading ends the run as what it is, and not well', async () => {
    const { hlb } = await setupHlb({
      'site.yml': '- hosts: localhost\n  tasks:\n    - stuck:\n',
      'modules/stuck.js': 'await new Promise(() => undefined);\nexport default {};\n',
    });
    const { code, stdout, stderr } = await hlb(['play', 'site.yml', '-i', 'localhost,']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('Nothing is left to wait for, and the work is not done');
  });

  it('may be written in JavaScript', async () => {
    const script = banner
      .replace(/^type .*\n/m, '')
      .replaceAll('(p: Params)', '(p)')
      .replace('): string =>', ') =>');
    const rig = await setupHlb({
      inventory,
      'modules/login_banner.mjs': script,
      'site.yml': play('login_banner: {text: x}'),
    });
    expect(await rig.hlb(['check', 'site.yml', '-i', 'inventory'])).toMatchObject({ code: 0 });
  });

  it.each([
    [
      'does not parse',
      'export const a: string = ;\n',
      'modules/own.ts:1:26 error cli/module-unreadable: Module "own" does not load: Unexpected token',
    ],
    [
      'imports what there is not',
      "import { nothing } from 'hlb/module';\nexport default nothing;\n",
      "does not load: The requested module 'hlb/module' does not provide an export named 'nothing'",
    ],
    [
      'fails while it loads',
      "import { z } from 'zod';\ntype T = string;\n\nz.object({}).nope();\n",
      'modules/own.ts:4:14 error cli/module-unreadable: Module "own" does not load: z.object(...).nope is not a function',
    ],
    [
      'exports nothing',
      'export const own = 1;\n',
      'error cli/module-invalid: "modules/own.ts" exports no module: it has no default export',
    ],
    [
      'exports half a module',
      "export default { name: 'own', summary: 1, examples: ['own:'] };\n",
      'it lacks params, returns, convergence, observe, plan, result; summary: Invalid input',
    ],
    ['is called otherwise', banner, 'The file is called "own", and its module "login_banner"'],
    [
      'has the name of another as an alias',
      banner.replace("name: 'login_banner'", "name: 'own', aliases: ['copy']"),
      'error cli/module-taken: The name "copy" is taken: it is built in',
    ],
  ])('that %s is told with its place, once, and nothing is run', async (_, text, message) => {
    const rig = await setupHlb({ inventory, 'modules/own.ts': text, 'site.yml': play('own: {text: x}') });
    const { code, stdout, stderr } = await rig.hlb(['play', 'site.yml', '-i', 'inventory']);
    expect(code).toBe(5);
    expect(stdout + stderr).toContain(message);
    expect(stdout + stderr).toContain('1 error\n');
    expect(stdout + stderr).not.toContain('playbook/unknown-module');
  });
});
