import { spawn } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import type { Target } from '../host/session.ts';
import { codeOf, messageOf } from './failures.ts';
import { createGate } from './retry.ts';
import { targetArguments } from './target-arguments.ts';

/** What `ssh -G` prints: keywords in lower case, each with its values in order. */
export type SshConfig = ReadonlyMap<string, readonly string[]>;

export interface SshConfigReader {
  /** Absent where no configuration says anything that matters, so that no process is started for nothing. */
  readonly read: (target: Target) => Promise<Result<SshConfig | undefined, string>>;
}

/** Keywords that change nothing for us: what a distribution writes into /etc/ssh/ssh_config. */
const harmless = new Set([
  'host',
  'sendenv',
  'setenv',
  'hashknownhosts',
  'gssapiauthentication',
  'gssapidelegatecredentials',
  'forwardx11trusted',
  'xauthlocation',
  'controlmaster',
  'controlpath',
  'controlpersist',
  'serveraliveinterval',
  'serveralivecountmax',
]);

/** At most so many `ssh -G` at once: they are short and many. */
const concurrency = 8;

export function createSshConfigReader(env: NodeJS.ProcessEnv, onWarning: (message: string) => void): SshConfigReader {
  const gate = createGate(concurrency);
  const known = new Map<string, Promise<Result<SshConfig, string>>>();
  let matters: Promise<boolean> | undefined;
  let warned = false;

  return {
    read: async (target) => {
      const wanted = (target.sshArgs ?? []).length > 0;
      matters ??= anySays([join(homedir(), '.ssh', 'config'), '/etc/ssh/ssh_config']);
      // An address such as user@host or ssh://host is ssh's to take apart.
      const plain = /[@/]/.test(target.address) ? undefined : plainOptions(target.sshArgs ?? []);
      if (plain !== undefined && !(await matters)) return ok(plain.size === 0 ? undefined : plain);
      const args = targetArguments(target);
      const key = JSON.stringify([args, target.address]);
      const asked = known.get(key) ?? gate('', () => askSsh(args, target.address, env));
      known.set(key, asked);
      const config = await asked;
      if (config.ok || wanted || config.error !== noSsh) return config;
      if (!warned) onWarning('ssh is not installed here, so ssh_config is not read: set what matters in the inventory');
      warned = true;
      return ok(undefined);
    },
  };
}

const noSsh = 'ssh is not installed here';

async function askSsh(
  args: readonly string[],
  address: string,
  env: NodeJS.ProcessEnv,
): Promise<Result<SshConfig, string>> {
  const child = spawn('ssh', ['-G', ...args, '--', address], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(err(codeOf(error) === 'ENOENT' ? noSsh : `ssh -G: ${messageOf(error)}`)));
    child.once('close', (code) => {
      resolve(code === 0 ? ok(parseSshConfig(stdout)) : err(`ssh -G ${address} failed: ${stderr.trim()}`));
    });
  });
}

/** Options that mean what they say; most of them change nothing for hlb, and are checked as ssh would. */
const plain: ReadonlyMap<string, RegExp> = new Map([
  ['userknownhostsfile', /^[^$#%]+$/],
  ['globalknownhostsfile', /^[^$#%]+$/],
  ['stricthostkeychecking', /^(yes|no|off|ask|accept-new)$/],
  ['identitiesonly', /^(yes|no)$/],
  ['connecttimeout', /^\d{1,5}$/],
  ['controlmaster', /^(yes|no|auto)$/],
  ['controlpath', /^(?:[^%]|%[%CLhiklnpru])+$/],
  ['controlpersist', /^(yes|no|\d{1,5}[smh]?)$/],
  ['serveraliveinterval', /^\d{1,5}$/],
  ['serveralivecountmax', /^\d{1,5}$/],
]);

/**
 * What arguments such as `-o UserKnownHostsFile=/path` say by themselves: asking ssh takes 4 ms and a process a host.
 * Undefined where there is anything that only ssh can read.
 */
export function plainOptions(args: readonly string[]): SshConfig | undefined {
  const config = new Map<string, readonly string[]>();
  const words = args.flatMap((word) => (/^-o./.test(word) ? ['-o', word.slice(2)] : [word]));
  for (let at = 0; at < words.length; at += 2) {
    const [, keyword = '', value = ''] = /^(\w+)=([^\s"'\\]+)$/.exec(words[at + 1] ?? '') ?? [];
    const key = keyword.toLowerCase();
    if (words[at] !== '-o' || plain.get(key)?.test(value) !== true) return undefined;
    // As ssh reads them: the first word on a subject holds.
    if (!config.has(key)) config.set(key, [value]);
  }
  return config;
}

export function parseSshConfig(text: string): SshConfig {
  const config = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(' ');
    if (at === -1) continue;
    const key = line.slice(0, at).toLowerCase();
    const values = config.get(key) ?? [];
    values.push(line.slice(at + 1).trim());
    config.set(key, values);
  }
  return config;
}

async function anySays(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if (await saysSomething(path)) return true;
  return false;
}

/** Whether a file of ssh_config, or one that it includes, holds a keyword that may matter. */
async function saysSomething(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '');
  for (const line of text.split('\n')) {
    const [keyword = '', ...values] = line.trim().split(/[\s=]+/);
    const key = keyword.toLowerCase();
    if (key === '' || key.startsWith('#') || harmless.has(key)) continue;
    if (key !== 'include') return true;
    for (const pattern of values) if (await includesSomething(pattern, dirname(path))) return true;
  }
  return false;
}

/** A pattern that is more than `folder/*` or `folder/*.conf` counts as saying something. */
async function includesSomething(pattern: string, from: string): Promise<boolean> {
  const path = pattern.startsWith('/') ? pattern : join(from, pattern);
  const folder = dirname(path);
  const last = path.slice(folder.length + 1);
  if (!last.includes('*')) return (await stat(path).catch(() => undefined)) !== undefined && saysSomething(path);
  if (!/^\*(\.\w+)?$/.test(last)) return true;
  const names = await readdir(folder).catch((): string[] => []);
  for (const name of names) {
    if (name.endsWith(last.slice(1)) && (await saysSomething(join(folder, name)))) return true;
  }
  return false;
}
