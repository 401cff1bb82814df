import { didYouMean } from '../../core/suggest.ts';
import { namesIn } from '../check/scope.ts';
import { undefinedBecause } from '../runtime/access.ts';
import { fail } from '../runtime/failure.ts';
import { type Callable, type Named, or, tuple, type Val } from '../runtime/value.ts';
import type { Call, MacroDefinition } from '../syntax/ast.ts';
import { buildCall } from './call.ts';
import { concat } from './concat.ts';
import { build } from './expression.ts';
import type { BuildBody } from './for.ts';
import { type Exec, type Frame, inner, type Scope } from './frame.ts';

export function buildMacro(node: MacroDefinition, scope: Scope, buildBody: BuildBody): Exec {
  const make = macroMaker(node, scope, buildBody);
  return (frame) => void frame.vars.set(node.name, make(frame));
}

/** `{% call(…) name(…) %}`: the body is what the macro's `caller()` prints. */
export function buildCallBlock(call: Call, caller: MacroDefinition, scope: Scope, buildBody: BuildBody): Exec {
  const make = macroMaker(caller, scope, buildBody);
  const hidden = { kind: 'name', name: 'caller', from: caller.from, to: caller.from } as const;
  const named = [...call.args.named, { name: 'caller', value: hidden, at: hidden }];
  const run = buildCall(
    { ...call, args: { ...call.args, named } },
    { ...scope, assigned: new Set([...scope.assigned, 'caller']) },
    build,
  );
  return (frame, out) => {
    const around = inner(frame);
    around.vars.set('caller', make(frame));
    out.push(run(around));
  };
}

function macroMaker(node: MacroDefinition, scope: Scope, buildBody: BuildBody): (frame: Frame) => Callable {
  const body = buildBody(node.body, scope);
  const used = namesIn(node.body);
  const parameters = node.parameters.map(({ name, fallback }) => ({
    name,
    fallback: fallback && build(fallback, scope),
  }));
  const names = parameters.map(({ name }) => name);
  const what = node.name === 'caller' ? 'The call block' : `The macro "${node.name}"`;
  const at = scope.at(node);

  function bindInto(frame: Frame, positional: readonly Val[], named: Named): void {
    for (const [index, { name, fallback }] of parameters.entries()) {
      const given = or(positional[index], () => named.get(name));
      if (given !== undefined) frame.vars.set(name, given);
      else if (fallback !== undefined) frame.vars.set(name, fallback(frame));
      else
        frame.vars.set(
          name,
          undefinedBecause(
            () => `${what} was not given "${name}"`,
            () => undefined,
            at,
            name,
          ),
        );
    }
    const extra = positional.slice(parameters.length);
    if (used.has('varargs')) frame.vars.set('varargs', tuple(extra));
    else if (extra.length > 0)
      fail('type', `${what} takes at most ${parameters.length} arguments, not ${positional.length}`);
    bindNamed(frame, named);
  }

  function bindNamed(frame: Frame, named: Named): void {
    const further = [...named].filter(([name]) => !names.includes(name) && (name !== 'caller' || !used.has('caller')));
    const caller = named.get('caller');
    if (used.has('caller') && !names.includes('caller') && caller !== undefined) frame.vars.set('caller', caller);
    if (used.has('kwargs')) frame.vars.set('kwargs', new Map<Val, Val>(further));
    const [unknown] = further;
    if (unknown !== undefined && !used.has('kwargs')) {
      const help =
        unknown[0] === 'caller'
          ? 'It does not use "caller()", so it takes no call block'
          : didYouMean(unknown[0], names);
      fail('type', `${what} has no argument "${unknown[0]}"`, help);
    }
  }

  return (defined) => ({
    kind: 'callable',
    name: node.name,
    type: 'Macro',
    takesUndefined: true,
    attributes: new Map<string, Val>([
      ['name', node.name],
      ['arguments', tuple(names)],
      ['catch_kwargs', used.has('kwargs')],
      ['catch_varargs', used.has('varargs')],
      ['caller', used.has('caller')],
    ]),
    call: (positional, named) =>
      defined.engine.nested(() => {
        const frame = inner(defined);
        bindInto(frame, positional, named);
        const out: Val[] = [];
        body(frame, out);
        return concat(out);
      }),
  });
}
