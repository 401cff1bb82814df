import { didYouMean } from '../core/suggest.ts';
import type { Term } from '../vars/term.ts';
import type { YamlNode } from '../yaml/node.ts';
import { checkNames, type Fields, fieldsOf } from './fields.ts';
import type { Loading } from './loading.ts';
import { isNothing, readTerm } from './text.ts';
import type { Rolling } from './tree.ts';
import { literalText, literalWord, numberTerm, scalarText, textTerm, wrongType } from './values.ts';

const known = ['batch', 'spread', 'max_failed', 'guard', 'pause', 'on_failure'];

/** `rolling:` of a play, role or block (design §6), as the part of it that holds it. */
export function readRolling(loading: Loading, node: YamlNode): { readonly rolling?: Rolling } {
  if (node.kind !== 'mapping') {
    wrongType(loading, node, 'rolling', 'a mapping with batch, guard and the like');
    return {};
  }
  const fields = fieldsOf(node);
  checkNames(loading, fields, 'rolling', known);
  const get = <T>(name: string, read: (found: YamlNode) => T | undefined): T | undefined => {
    const found = fields.get(name);
    return found === undefined ? undefined : read(found);
  };
  const spread = get('spread', (found) => textTerm(loading, found, 'spread'));
  const maxFailed = get('max_failed', (found) => numberTerm(loading, found, 'max_failed', 'percentage'));
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
      loading.report.error('playbook/bad-batch', item.at, `${name} expects at least one host, found ${scalarOf(item)}`);
      return [];
    }
    return term ?? [];
  });
}

function isNone(value: unknown): boolean {
  return (typeof value === 'bigint' && value < 1n) || (typeof value === 'string' && Number.parseFloat(value) === 0);
}

function scalarOf(node: YamlNode): string {
  return node.kind === 'scalar' ? scalarText(node) : node.kind;
}

/** Seconds, or a text such as `5s` or `2m`. */
function durationTerm(loading: Loading, node: YamlNode): Term | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    const found = /^(\d+)\s*(ms|s|m|h)$/.exec(node.value.trim());
    if (found !== null) return textTerm(loading, node, 'pause');
  }
  return numberTerm(loading, node, 'pause', 'number');
}

function readGuards(loading: Loading, node: YamlNode): Rolling['guards'] {
  const nodes = node.kind === 'sequence' ? node.items : [node];
  return nodes.flatMap((item) => {
    const found = guardOf(loading, item);
    if (found === undefined) return [];
    const names = loading.options.guards;
    if (names !== undefined && !names.includes(found.name)) {
      loading.report.error(
        'playbook/unknown-guard',
        found.at,
        `Unknown guard "${found.name}"`,
        didYouMean(found.name, names) ?? `Known: ${names.join(', ')}`,
      );
    }
    return [found];
  });
}

function guardOf(loading: Loading, node: YamlNode): Rolling['guards'][number] | undefined {
  if (node.kind === 'mapping' && node.entries.length === 1) {
    const [entry] = node.entries;
    if (entry !== undefined)
      return { name: scalarText(entry.key), args: readTerm(loading, entry.value), at: entry.key.at };
  }
  if (node.kind !== 'scalar') return wrongType(loading, node, 'guard', 'the name of a guard');
  const name = literalText(loading, node, 'guard');
  return name === undefined ? undefined : { name, args: undefined, at: node.at };
}
