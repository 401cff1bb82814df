import type { Location } from '../core/source.ts';
import type { YamlNode, YamlScalar } from '../yaml/node.ts';
import { parseKeyValues } from './key-value.ts';
import type { Loading } from './loading.ts';
import { isNothing, isTemplated } from './text.ts';
import { kindOf, scalarText } from './values.ts';

/** Arguments as written, in whichever of Ansible's forms. */
export interface RawArguments {
  readonly at: Location;
  readonly entries: readonly RawArgument[];
  /** One template that yields all arguments. */
  readonly dynamic?: YamlScalar;
}

export interface RawArgument {
  readonly key: YamlScalar;
  readonly name: string;
  readonly value: YamlNode;
}

export interface ArgumentForm {
  /** What takes them, for messages: `"copy"`. */
  readonly what: string;
  /** The parameter that takes free text. */
  readonly freeForm?: string | undefined;
  /** Whether `name=` at this place of a free text is an option; of other texts every `name=` is one. */
  readonly isOption: (name: string) => boolean;
}

/**
 * The value behind the module's name, merged over `args:`. A text is `name=value` pairs, free form, or a template that
 * yields a mapping. `undefined` where they cannot be read at all, which was reported then.
 */
export function rawArguments(
  loading: Loading,
  value: YamlNode,
  args: YamlNode | undefined,
  form: ArgumentForm,
): RawArguments | undefined {
  const own = argumentsOf(loading, value, form);
  const more = args === undefined ? undefined : argumentsOf(loading, args, { ...form, freeForm: undefined });
  if (own === undefined || (args !== undefined && more === undefined)) return undefined;
  if (more === undefined) return own;
  if (own.dynamic === undefined && more.dynamic === undefined) return merged(own, more);
  if (more.dynamic !== undefined && own.dynamic === undefined && own.entries.length === 0) return more;
  if (own.dynamic !== undefined && more.dynamic === undefined && more.entries.length === 0) return own;
  loading.report.error(
    'args/mixed-forms',
    (own.dynamic ?? more.dynamic)?.at ?? own.at,
    `Arguments of ${form.what} come from a template and from a mapping at once`,
    'Write them all in one mapping, or all in the template',
  );
  return undefined;
}

function merged(own: RawArguments, more: RawArguments): RawArguments {
  const names = new Set(own.entries.map((entry) => entry.name));
  return { ...own, entries: [...own.entries, ...more.entries.filter((entry) => !names.has(entry.name))] };
}

function argumentsOf(loading: Loading, node: YamlNode, form: ArgumentForm): RawArguments | undefined {
  if (node.kind === 'mapping') {
    const entries = node.entries.map(({ key, value }) => ({ key, name: scalarText(key), value }));
    return { at: node.at, entries };
  }
  if (isNothing(node)) return { at: node.at, entries: [] };
  if (node.kind === 'scalar' && (typeof node.value === 'string' || form.freeForm !== undefined)) {
    return textArguments(loading, node, form);
  }
  loading.report.error(
    'args/not-a-mapping',
    node.at,
    `${form.what} expects its arguments as "name: value", found ${kindOf(node)}`,
    node.kind === 'sequence' ? 'Take the dashes away, so that each line is "name: value"' : undefined,
  );
  return undefined;
}

function textArguments(loading: Loading, node: YamlScalar, form: ArgumentForm): RawArguments | undefined {
  const text = scalarText(node);
  if (form.freeForm === undefined && isTemplated(node) && /^\s*\{\{.*\}\}\s*$/s.test(text)) {
    return { at: node.at, entries: [], dynamic: node };
  }
  const { pairs, rest, unclosed } = parseKeyValues(node, form.freeForm === undefined ? () => true : form.isOption);
  if (unclosed && form.freeForm === undefined) {
    loading.report.error('args/bad-text', node.at, `A quote in the arguments of ${form.what} is never closed`);
    return undefined;
  }
  const entries = pairs.map(({ key, value }) => ({ key, name: key.text, value }));
  if (rest === undefined) return { at: node.at, entries };
  if (form.freeForm === undefined) {
    loading.report.error(
      'args/bad-text',
      rest.at,
      `${form.what} takes no free text, found "${scalarText(rest)}"`,
      'Write arguments as "name: value" below it',
    );
    return undefined;
  }
  return { at: node.at, entries: [{ key: rest, name: form.freeForm, value: rest }, ...entries] };
}
