import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const withoutComments = (file: string): string => readFileSync(file, 'utf8').replace(/^\s*#.*$/gm, '');

function aptFiles(): readonly string[] {
  const dir = '/etc/apt/sources.list.d';
  const more = existsSync(dir) ? readdirSync(dir).filter((name) => /\.(list|sources)$/.test(name)) : [];
  return ['/etc/apt/sources.list', ...more.sort().map((name) => join(dir, name))].filter((file) => existsSync(file));
}

/**
 * The machine's own apt files that name `suite`, in the form that mmdebstrap takes as mirrors: a mirror or snapshot
 * chosen for the machine serves its labs too. Empty where the machine is of another suite: mmdebstrap's default is
 * right then.
 */
export function sourcesFor(suite: string): readonly string[] {
  const naming = new RegExp(`(^|\\s)${suite}(\\s|$)`, 'm');
  return aptFiles().filter((file) => naming.test(withoutComments(file)));
}

/**
 * The machine's Debian archive as a line for another suite, so that a newer package comes from where the machine takes
 * its own; undefined where the machine has no Debian archive.
 */
export function mirrorLine(suite: string): string | undefined {
  for (const file of aptFiles()) {
    const uri = /(?:^URIs:\s*|^deb\s+(?:\[[^\]]*\]\s+)?)(\S+\/debian\/?)(?:\s|$)/m.exec(withoutComments(file))?.[1];
    if (uri !== undefined) return `deb ${uri} ${suite} main`;
  }
  return undefined;
}
