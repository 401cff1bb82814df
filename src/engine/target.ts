import { resolve } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import { truthOf } from '../core/truth.ts';
import { toJson, type Value } from '../core/value.ts';
import { type Environment, type ExprError, OMIT } from '../expr/api.ts';
import { isTruthy } from '../expr/runtime/compare.ts';
import type { Become, Target } from '../host/session.ts';
import type { Keywords } from '../playbook/tree.ts';
import { evaluateTerm } from '../vars/evaluate.ts';
import type { Term } from '../vars/term.ts';
import { valueOf } from '../vars/value-of.ts';
import { type Answers, settle } from './ask.ts';
import { connectionVariables as variables } from './connection-variables.ts';
import type { RunOptions } from './options.ts';

/** How a task reaches its host, and as whom it works there. */
export interface Reach {
  readonly target: Target;
  readonly become: Become | undefined;
}

/** A setting is taken from the host's variables first, then the keyword, then the command line; as in Ansible. */
export async function reachOf(
  name: string,
  keywords: Keywords,
  env: Environment,
  answers: Answers,
  options: RunOptions,
): Promise<Result<Reach, ExprError>> {
  const errors: ExprError[] = [];
  const read = async (names: readonly string[], term?: Term): Promise<Value | undefined> => {
    for (const variable of names) {
      if (env.resolve(variable) === undefined) continue;
      const outcome = await settle(() => valueOf(variable, env) ?? { kind: 'value', value: null }, answers);
      if (outcome.kind === 'failed') errors.push(outcome.error);
      return outcome.kind === 'value' && outcome.value !== OMIT && outcome.value !== null ? outcome.value : undefined;
    }
    if (term === undefined) return undefined;
    const outcome = await settle(() => evaluateTerm(term, env), answers);
    if (outcome.kind === 'failed') errors.push(outcome.error);
    return outcome.kind === 'value' && outcome.value !== OMIT && outcome.value !== null ? outcome.value : undefined;
  };
  const text = async (names: readonly string[], term?: Term): Promise<string | undefined> => {
    const value = await read(names, term);
    return value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(toJson(value));
  };

  const defaults = options.connection;
  const sshArgs = splitArgs(
    `${(await text(variables.commonArgs.names)) ?? ''} ${(await text(variables.extraArgs.names)) ?? ''}`,
  );
  const keyFile = (await text(variables.keyFile.names)) ?? defaults.privateKeyFile;
  const passphrase = await text(variables.passphrase.names);
  const password = (await text(variables.password.names)) ?? defaults.password;
  const port = await text(variables.port.names, keywords.port);
  const user = (await text(variables.user.names, keywords.remoteUser)) ?? defaults.user;
  const connection =
    (await text(variables.connection.names, keywords.connection)) ??
    (name === 'localhost' && !options.inventory.hosts.has(name) ? 'local' : defaults.connection);
  const knownHosts = optionOf(sshArgs, 'UserKnownHostsFile') ?? (await text(variables.knownHosts.names));
  const checking = optionOf(sshArgs, 'StrictHostKeyChecking') ?? (await text(variables.hostKey.names));
  const hostKey = hostKeyPolicies.get(checking ?? '') ?? defaults.hostKey;
  const target: Target = {
    name,
    connection: connectionKind(connection),
    address: (await text(variables.host.names)) ?? name,
    ...(hostKey === undefined ? {} : { hostKey }),
    connectTimeoutMs: defaults.connectTimeoutMs,
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(keyFile === undefined ? {} : { privateKeyFile: expand(keyFile, options) }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(knownHosts === undefined ? {} : { knownHostsFile: expand(knownHosts, options) }),
    ...(sshArgs.length === 0 ? {} : { sshArgs }),
  };

  const wanted = await read(variables.become.names, keywords.become);
  const becomePassword = (await text(variables.becomePassword.names)) ?? defaults.becomePassword;
  for (const secret of [password, passphrase, becomePassword])
    if (secret !== undefined) options.redactor.register(secret);
  const flags = await text(variables.becomeFlags.names, keywords.becomeFlags);
  const exe = await text(variables.becomeExe.names, keywords.becomeExe);
  const become: Become | undefined = (wanted === undefined ? defaults.become : isTruthy(fromText(wanted)))
    ? {
        method: becomeMethod(await text(variables.becomeMethod.names, keywords.becomeMethod)) ?? defaults.becomeMethod,
        user: (await text(variables.becomeUser.names, keywords.becomeUser)) ?? defaults.becomeUser,
        ...(becomePassword === undefined ? {} : { password: becomePassword }),
        ...(flags === undefined ? {} : { flags }),
        ...(exe === undefined ? {} : { exe }),
      }
    : undefined;
  const error = errors[0];
  return error === undefined ? ok({ target, become }) : err(error);
}

/** INI inventories give `yes` and `false` as text. */
export function fromText(value: Value): Value {
  if (typeof value !== 'string') return value;
  return truthOf(value) ?? value.trim() !== '';
}

/** Ansible's other names for ssh (`ssh`, `paramiko`, `smart`) leave the choice to the transport. */
function connectionKind(name: string): Target['connection'] {
  const short = name.replace(/^ansible\.builtin\./, '');
  return short === 'local' || short === 'openssh' ? short : 'auto';
}

function becomeMethod(name: string | undefined): Become['method'] | undefined {
  const short = name?.replace(/^(ansible\.builtin|community\.general)\./, '');
  return short === 'sudo' || short === 'su' || short === 'doas' ? short : undefined;
}

const hostKeyPolicies = new Map<string, NonNullable<Target['hostKey']>>([
  ['no', 'off'],
  ['off', 'off'],
  ['accept-new', 'accept-new'],
  ['yes', 'strict'],
  ['strict', 'strict'],
]);

/** The value of `-o Name=value` in ssh arguments. */
function optionOf(args: readonly string[], name: string): string | undefined {
  for (const [index, arg] of args.entries()) {
    const option = arg === '-o' ? (args[index + 1] ?? '') : arg.startsWith('-o') ? arg.slice(2) : '';
    const match = /^\s*([A-Za-z]+)\s*[=\s]\s*(.*)$/.exec(option);
    if (match?.[1]?.toLowerCase() === name.toLowerCase()) return match[2];
  }
  return undefined;
}

/** Words as a shell splits them: blanks, with single and double quotes. */
function splitArgs(text: string): readonly string[] {
  return [...text.matchAll(/(?:[^\s'"]+|'[^']*'|"(?:\\.|[^"\\])*")+/g)].map((match) =>
    match[0].replace(
      /'([^']*)'|"((?:\\.|[^"\\])*)"/g,
      (_, single: string | undefined, double: string | undefined) => single ?? (double ?? '').replace(/\\(.)/g, '$1'),
    ),
  );
}

function expand(path: string, options: RunOptions): string {
  return resolve(options.controller.workingDirectory, path.replace(/^~(?=\/|$)/, options.controller.home));
}
