import type { Value } from '../core/value.ts';
import { compileTemplate } from '../expr/compile.ts';
import { isVariableName } from '../vars/names.ts';
import type { Term } from '../vars/term.ts';
import { inherit } from './inherit.ts';
import type { Role, Task } from './tree.ts';
import type { Where } from './where.ts';

/** The task before a role's own that holds its arguments against its argument_specs, as Ansible has it, with the tag `always`. */
export function validationTask(where: Where, role: Role): Task | undefined {
  const spec = role.argumentSpec;
  const module = where.loading.options.registry.find('validate_argument_spec');
  if (spec === undefined || module === undefined) return undefined;
  const { at, entry, shortDescription } = spec;
  const constant = (value: Value): Term => ({ kind: 'constant', value, at });
  const path = compileTemplate('{{ role_path }}', () => at);
  const context = Object.entries({
    type: constant('role'),
    name: constant(role.name),
    argument_spec_name: constant(entry),
    path: path.ok ? { kind: 'template' as const, template: path.value, at } : constant(role.path),
  }).map(([key, value]) => ({ key: constant(key), value }));
  return {
    kind: 'task',
    id: `${where.id}/argument_specs`,
    at,
    name: constant(
      `Validating arguments against arg spec '${entry}'${shortDescription === undefined ? '' : ` - ${shortDescription}`}`,
    ),
    keywords: inherit(where.inherited.keywords, { tags: ['always'] }),
    role,
    file: where.file,
    action: 'ansible.builtin.validate_argument_spec',
    module,
    args: {
      kind: 'mapping',
      entries: new Map([
        ['argument_spec', constant(spec.written)],
        ['provided_arguments', { kind: 'mapping', entries: argumentsOf(spec.options.keys(), at), at }],
        ['validate_args_context', { kind: 'mapping', entries: context, at }],
      ]),
      at,
    },
    until: [],
    notify: [],
  };
}

/** What the host has of each, if it has it. */
function argumentsOf(names: Iterable<string>, at: Term['at']): readonly { readonly key: Term; readonly value: Term }[] {
  // No variable has another name, so that no value is ever given for it.
  return [...names].filter(isVariableName).flatMap((name) => {
    const compiled = compileTemplate(`{{ ${name} | default(omit) }}`, () => at);
    if (!compiled.ok) return [];
    const key: Term = { kind: 'constant', value: name, at };
    return [{ key, value: { kind: 'template', template: compiled.value, at } }];
  });
}
