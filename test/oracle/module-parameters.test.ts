import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aliasesOf } from '../../src/module/arguments.ts';
import type { Module } from '../../src/module/define.ts';
import { parametersOf } from '../../src/module/params-schema.ts';
import { refusedParametersOf } from '../../src/module/refused-parameters.ts';
import { builtinModules } from '../../src/modules/registry.ts';
import { ansibleCore } from '../rig/ansible-core.ts';

/** Parameters of the modules that bear a name of ansible-core's or ansible.posix's, held against what ansible-doc says of them. */

const Option = z.looseObject({
  aliases: z.array(z.string()).default([]),
  choices: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).optional(),
  default: z.unknown().optional(),
  required: z.boolean().default(false),
});
const Docs = z.record(
  z.string(),
  z.looseObject({ doc: z.looseObject({ options: z.record(z.string(), Option).default({}) }) }),
);

const run = promisify(execFile);
const modules = builtinModules.flatMap((module) => {
  const name = module.aliases?.find((alias) => /^ansible\.(builtin|posix)\./.test(alias));
  return name === undefined ? [] : [{ module, name }];
});

let docs: z.output<typeof Docs>;
beforeAll(async () => {
  const core = await ansibleCore();
  const { stdout } = await run(core.python, [core.bin('ansible-doc'), '-j', ...modules.map(({ name }) => name)], {
    env: { ...process.env, ...core.env },
    maxBuffer: 64 * 1024 * 1024,
  });
  docs = Docs.parse(JSON.parse(stdout));
}, 120_000);

/** The free form of an action is no parameter of it. */
const freeForms = new Set(['free_form', 'free-form', 'key_value']);

/** `module.parameter`, and why its default is another one. */
const otherDefaults: Readonly<Record<string, string>> = {
  'debug.msg': 'It is what debug says without msg and var, and no msg that was given',
  'get_url.http_agent': 'Each program says its own name',
  'reboot.boot_time_command': 'The boot id is read without a command unless one is given',
  'reboot.reboot_command': 'Found on the host, as in Ansible',
  'service.runlevel': 'Accepted, and of no meaning to systemd',
  'service.use': 'Accepted, and systemd is used',
  'stat.get_attributes': 'It costs a process more, and nearly nobody reads it',
  'unarchive.copy': 'An older word for remote_src, whose default counts',
  'user.ssh_key_comment': 'Made on the host, whose name it holds',
  'reboot.msg': 'Each program says its own name',
  'uri.http_agent': 'Each program says its own name',
  'uri.remote_src': 'What is sent lies on the host that sends it unless src is looked for on the controller',
  'stat.get_mime': 'It costs a process more, and nearly nobody reads it',
};

/** `module.parameter: choice`, and why it is not one of hlb's. */
const otherChoices: Readonly<Record<string, string>> = {
  'hostname.use': 'Systems that hlb does not manage',
  'iptables.ip_version: both': 'Two tasks say what each of the two has',
  'iptables.match_set_flags': 'A set is matched in one direction, or in both',
  'package_facts.manager': 'Package managers that hlb does not speak to',
  'stat.checksum_algorithm': 'Hosts without coreutils have neither of them',
  'uri.body_format: form-multipart': 'Use curl -F with the command module',
};

const words: Readonly<Record<string, unknown>> = { yes: true, no: false };

function namesOf(module: Module): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(module.params.shape).flatMap(([name, schema]) =>
      [name, ...aliasesOf(schema)].map((one): [string, string] => [one, name]),
    ),
  );
}

/** Lists may be written as one text, and an order of extensions says nothing. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(String).sort().join(',');
  if (typeof value === 'object' && value !== null && 'bits' in value) return String(value.bits);
  if (typeof value === 'string' && /^0[0-7]{3}$/.test(value)) return String(Number.parseInt(value, 8));
  return typeof value === 'string' ? value.replaceAll('\\n', '\n') : value;
}

function sameDefault(own: unknown, theirs: unknown): boolean {
  // Where Ansible says nothing, what the module does shows whether it is the same, and not the parameter.
  if (theirs === undefined || theirs === null || own === theirs) return true;
  const wanted = typeof theirs === 'string' && theirs in words ? words[theirs] : theirs;
  const isEmpty = (value: unknown): boolean =>
    value === undefined || ['""', '[]', '{}'].includes(JSON.stringify(value));
  return (isEmpty(own) && isEmpty(wanted)) || comparable(own) === comparable(wanted);
}

describe('modules that bear a name of Ansible', () => {
  it('are known to ansible-doc', () => {
    const unknown = modules.filter(({ name }) => docs[name] === undefined).map(({ name }) => name);
    expect(unknown).toEqual([]);
  });

  it.each(modules)('$name takes what Ansible takes, or a reason is written down', ({ module, name }) => {
    const names = namesOf(module);
    const options = docs[name]?.doc.options ?? {};
    const all = Object.entries(options).filter(([option]) => !freeForms.has(option));
    const missing = all.filter(([option]) => !names.has(option)).map(([option]) => option);
    expect(missing.sort()).toEqual([...refusedParametersOf(module.name)].sort());
    const aliases = all.flatMap(([option, { aliases: theirs }]) =>
      theirs.filter((alias) => names.has(option) && names.get(alias) !== names.get(option)),
    );
    expect(aliases).toEqual([]);
  });

  it.each(modules)('$name has the defaults and choices of Ansible, or a reason is written down', ({ module, name }) => {
    const names = namesOf(module);
    const own = new Map(parametersOf(module).map((one) => [one.name, one]));
    const differing = Object.entries(docs[name]?.doc.options ?? {}).flatMap(([option, theirs]) => {
      const parameter = own.get(names.get(option) ?? '');
      if (parameter === undefined || freeForms.has(option)) return [];
      const key = `${module.name}.${option}`;
      const isDefault = otherDefaults[key] === undefined && !theirs.required && !parameter.required;
      const defaults = isDefault && !sameDefault(parameter.default, theirs.default);
      const schema = JSON.stringify(parameter.schema);
      const isClosed = schema.includes('"enum"');
      const choices = Array.isArray(theirs.choices) ? theirs.choices : Object.keys(theirs.choices ?? {});
      const lacking = choices.filter((choice) => {
        const isExcused = otherChoices[key] !== undefined || otherChoices[`${key}: ${String(choice)}`] !== undefined;
        return isClosed && !isExcused && !schema.includes(JSON.stringify(choice));
      });
      return [
        ...(defaults ? [`${key}: ${JSON.stringify(parameter.default)} is not ${JSON.stringify(theirs.default)}`] : []),
        ...lacking.map((choice) => `${key} lacks ${JSON.stringify(choice)}`),
      ];
    });
    expect(differing).toEqual([]);
  });
});
