import type { Location } from '../core/source.ts';
import { didYouMean } from '../core/suggest.ts';
import type { Term } from '../vars/term.ts';
import type { YamlNode } from '../yaml/node.ts';
import { readArguments } from './arguments.ts';
import { checkNames, type Fields, fieldsOf } from './fields.ts';
import type { Loading } from './loading.ts';
import { rawArguments } from './raw-arguments.ts';
import { namesOf, rollingKeys } from './structures.ts';
import { isNothing, isTemplated, readTerm } from './text.ts';
import type { Rolling } from './tree.ts';
import { literalText, literalWord, numberTerm, scalarText, textTerm, wrongType } from './values.ts';

/** `rolling:` of a play, role or block (design §6), as the part of it that holds it. */
export function readRolling(loading: Loading, node: YamlNode): { readonly rolling?: Rolling } {
  if (node.kind !== 'mapping') {
    wrongType(loading, node, 'rolling', 'a mapping with batch, guard and the like');
    return {};
  }
  const fields = fieldsOf(node);
  checkNames(loading, fields, 'rolling', namesOf(rollingKeys));
  const get = <T>(name: string, read: (found: YamlNode) => T | undefined): T | undefined => {
    const found = fields.get(name);
    return found === undefined ? undefined : read(found);
  };
  const spread = get('spread', (found) => textTerm(loading, found, 'spread'));
  const maxFailed = get('max_failed', (found) => failuresTerm(loading, found));
  const pause = get('pause', (found) => durationTerm(loading, found));
  return {
    rolling: {
      at: node.at,
      batch: readBatch(loading, fields, 'batch'),
      ...(spread === undefined ? {} : { spread }),
      ...(maxFailed === undefined ? {} : { maxFailed }),
      guards: get('guard', (found) => readGuards(loading, found)) ?? [],
      ...(pause === undefined ? {} : { pause }),
      onFailure:
        get('on_failure', (found) => literalWord(loading, found, 'on_failure', ['stop', 'rollback'])) ?? 'stop',
    },
  };
}

/** Numbers and percentages of hosts, one or a list. */
export function readBatch(loading: Loading, fields: Fields, name: string): readonly Term[] {
  const node = fields.get(name);
  if (node === undefined || isNothing(node)) return [];
  const nodes = node.kind === 'sequence' ? node.items : [node];
  return nodes.flatMap((item) => {
    const term = numberTerm(loading, item, name, 'percentage');
    if (term?.kind === 'constant' && isNone(term.value)) {
      const expected = typeof term.value === 'number' ? 'a whole number of hosts' : 'at least one host';
      loading.report.error('playbook/bad-batch', item.at, `${name} expects ${expected}, found ${scalarOf(item)}`);
      return [];
    }
    return term ?? [];
  });
}

function isNone(value: unknown): boolean {
  if (typeof value === 'number') return true;
  return (typeof value === 'bigint' && value < 1n) || (typeof value === 'string' && Number.parseFloat(value) === 0);
}

function scalarOf(node: YamlNode): string {
  return node.kind === 'scalar' ? scalarText(node) : node.kind;
}

/** A number of hosts, or a percentage of them; none is the default. */
function failuresTerm(loading: Loading, node: YamlNode): Term | undefined {
  const term = numberTerm(loading, node, 'max_failed', 'percentage');
  if (term?.kind !== 'constant') return term;
  const isCount = typeof term.value === 'bigint' ? term.value >= 0n : typeof term.value === 'string';
  if (isCount) return term;
  const message = `max_failed expects a whole number of hosts, or a percentage, found ${scalarOf(node)}`;
  loading.report.error(
    'playbook/bad-limit',
    node.at,
    message,
    'Leave it out, or write 0, to stop at the first failure',
  );
  return undefined;
}

/** Seconds, or a text such as `5s` or `2m`. */
function durationTerm(loading: Loading, node: YamlNode): Term | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'string' && !isTemplated(node)) {
    if (/^\d+(\.\d+)?\s*(ms|s|m|h)?$/.test(node.value.trim())) return textTerm(loading, node, 'pause');
    return wrongType(loading, node, 'pause', 'seconds, or a text such as "5s"');
  }
  const term = numberTerm(loading, node, 'pause', 'number');
  if (term?.kind !== 'constant' || Number(term.value) >= 0) return term;
  loading.report.error('playbook/bad-limit', node.at, `pause expects seconds, found ${scalarOf(node)}`);
  return undefined;
}

function readGuards(loading: Loading, node: YamlNode): Rolling['guards'] {
  const nodes = node.kind === 'sequence' ? node.items : [node];
  return nodes.flatMap((item) => guardOf(loading, item) ?? []);
}

/** A name, or a name with arguments below it; they are held against the guard's schema as a module's are. */
function guardOf(loading: Loading, node: YamlNode): Rolling['guards'][number] | undefined {
  if (node.kind === 'mapping' && node.entries.length === 1) {
    const [entry] = node.entries;
    if (entry === undefined) return undefined;
    const name = scalarText(entry.key);
    return { name, args: readGuardArguments(loading, name, entry.key.at, entry.value), at: entry.key.at };
  }
  if (node.kind !== 'scalar') return wrongType(loading, node, 'guard', 'the name of a guard');
  const name = literalText(loading, node, 'guard');
  if (name === undefined) return undefined;
  return { name, args: readGuardArguments(loading, name, node.at, undefined), at: node.at };
}

function readGuardArguments(
  loading: Loading,
  name: string,
  at: Location,
  value: YamlNode | undefined,
): Rolling['guards'][number]['args'] {
  const { guards } = loading.options;
  const guard = guards?.find(name);
  if (guards !== undefined && guard === undefined) {
    const names = guards.names();
    const help = didYouMean(name, names) ?? `Known: ${names.join(', ')}`;
    loading.report.error('playbook/unknown-guard', at, `Unknown guard "${name}"`, help);
  }
  if (guard === undefined) return value === undefined ? undefined : readTerm(loading, value);
  const form = { what: `"${name}"`, isOption: () => true };
  const raw = value === undefined ? { at, entries: [] } : rawArguments(loading, value, undefined, form);
  if (raw === undefined) return undefined;
  const args = readArguments(loading, guard, raw, { name, at }, new Set());
  if (args.kind === 'dynamic') return args.term;
  const entries = [...args.entries].map(([key, term]) => ({
    key: { kind: 'constant' as const, value: key, at: term.at },
    value: term,
  }));
  return { kind: 'mapping', entries, at: args.at };
}
