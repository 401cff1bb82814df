import { didYouMean } from '../core/suggest.ts';
import { parameterName } from '../module/arguments.ts';
import type { Module } from '../module/define.ts';
import type { Term } from '../vars/term.ts';
import type { YamlNode } from '../yaml/node.ts';
import { argumentNode, literalOf } from './argument-node.ts';
import { unknownParameter } from './arguments.ts';
import type { Loading } from './loading.ts';
import { isNothing, isTemplated, readTerm } from './text.ts';
import { fieldProblems, isOpen } from './validate.ts';
import { scalarText, wrongType } from './values.ts';

/** `module_defaults`: from the names of modules to arguments, held against the modules as those of tasks are. */
export function readModuleDefaults(loading: Loading, node: YamlNode): readonly ReadonlyMap<string, Term>[] {
  const nodes = node.kind === 'sequence' ? node.items : [node];
  return nodes.flatMap((item) => {
    if (isNothing(item)) return [];
    if (item.kind !== 'mapping') {
      wrongType(loading, item, 'module_defaults', 'a mapping from modules to arguments');
      return [];
    }
    const found = new Map<string, Term>();
    for (const { key, value } of item.entries) {
      const name = scalarText(key);
      const module = loading.options.registry.find(name);
      if (module !== undefined) found.set(module.name, defaultsOf(loading, module, value));
      else if (!name.startsWith('group/')) {
        loading.report.warning(
          'playbook/unknown-default',
          key.at,
          `module_defaults names "${name}", which is no module of hlb`,
          didYouMean(name, loading.options.registry.names()),
        );
      }
    }
    return [found];
  });
}

function defaultsOf(loading: Loading, module: Module, node: YamlNode): Term {
  if (isTemplated(node) || isNothing(node)) return readTerm(loading, node);
  if (node.kind !== 'mapping') {
    wrongType(loading, node, `module_defaults of "${module.name}"`, 'a mapping of arguments');
    return { kind: 'mapping', entries: [], at: node.at };
  }
  const entries = node.entries.flatMap(({ key, value }) => {
    const name = parameterName(module, scalarText(key));
    const schema = module.params.shape[name];
    if (schema === undefined && !isOpen(module)) {
      unknownParameter(loading, module, scalarText(key), key.at, module.name);
      return [];
    }
    const meant = schema === undefined ? value : argumentNode(loading, value, schema);
    fieldProblems(loading, { name, schema, literal: literalOf(meant), node: meant, key: key.at }, module.name);
    const written: Term = { kind: 'constant', value: name, at: key.at };
    return [{ key: written, value: readTerm(loading, meant) }];
  });
  return { kind: 'mapping', entries, at: node.at };
}
