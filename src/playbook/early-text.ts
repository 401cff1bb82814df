import { resolve } from 'node:path';
import { toText } from '../expr/runtime/text.ts';
import { evaluateTerm } from '../vars/evaluate.ts';
import { createScope } from '../vars/scope.ts';
import type { Variables } from '../vars/term.ts';
import type { YamlNode } from '../yaml/node.ts';
import type { Loading } from './loading.ts';
import { isTemplated, readTerm } from './text.ts';
import { bareRoleName } from './role-files.ts';
import type { Role } from './tree.ts';
import { literalText } from './values.ts';

/** What is known before a play runs: no host, no facts, nothing that a task sets. */
export interface Early {
  /** Weakest first. */
  readonly layers: readonly Variables[];
  readonly baseDir: string;
  /** The one that it stands in. */
  readonly role?: Pick<Role, 'name' | 'collection' | 'path'> | undefined;
}

/**
 * A text that is read before the play runs, such as the name of what is imported. As with Ansible it may be computed from
 * variables of the play and its files, of the entries around it, and those that `-e` gives.
 */
export function earlyText(
  loading: Loading,
  node: YamlNode,
  what: string,
  early: Early,
  help?: string,
): string | undefined {
  if (!isTemplated(node)) return literalText(loading, node, what, help);
  const { env, extraVars } = loading.options;
  const scope = createScope({
    layers: [...early.layers, ...(extraVars === undefined ? [] : [extraVars])],
    magic: (name) => magic(early, name),
    answer: (request) => {
      if (request.kind === 'env') return { kind: 'text', text: env?.(request.name) ?? '' };
      return { kind: 'error', message: `${request.kind} cannot be looked up before the play runs` };
    },
    now: () => 0,
    random: () => 0,
  });
  const term = readTerm(loading, node);
  // What is wrong in the template itself was reported.
  if (term.kind === 'constant') return undefined;
  const outcome = evaluateTerm(term, scope);
  if (outcome.kind === 'value') return toText(outcome.value);
  const why = outcome.kind === 'failed' ? outcome.error.message : 'It asks what is only known then';
  loading.report.error(
    'playbook/computed-keyword',
    node.at,
    `${what} has to be known before the play runs: ${why}`,
    help ?? 'Use variables of the play, of vars_files or of -e, or write the value itself',
  );
  return undefined;
}

function magic({ baseDir, role }: Early, name: string): string | undefined {
  if (name === 'playbook_dir') return resolve(baseDir);
  if (name === 'role_path') return role === undefined ? undefined : resolve(role.path);
  if (name === 'role_name') return role === undefined ? undefined : bareRoleName(role);
  return name === 'ansible_role_name' ? role?.name : undefined;
}
