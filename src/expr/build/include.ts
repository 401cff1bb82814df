import { didYouMean } from '../../core/suggest.ts';
import type { Template } from '../api.ts';
import { undefinedBecause } from '../runtime/access.ts';
import { fail, NeedsAnswer } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { typeName } from '../runtime/type-name.ts';
import { isList, type Val } from '../runtime/value.ts';
import type { Expr, Statement } from '../syntax/ast.ts';
import { build } from './expression.ts';
import { type Eval, type Exec, type Frame, located, type Scope } from './frame.ts';

type Node<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

export function buildInclude(node: Node<'include'>, scope: Scope): Exec {
  const find = finder(node.path, scope);
  return (frame, out) => {
    const template = find(frame, node.ignoreMissing);
    if (template === undefined) return;
    frame.engine.nested(() => frame.engine.programOf(template).run(root(frame, node.withContext), out));
  };
}

export function buildImport(node: Node<'import'>, scope: Scope): Exec {
  const load = loader(node.path, node.withContext, scope);
  return (frame) => void frame.vars.set(node.name, { kind: 'namespace', fields: load(frame) });
}

export function buildFromImport(node: Node<'from-import'>, scope: Scope): Exec {
  const load = loader(node.path, node.withContext, scope);
  const at = scope.at(node);
  return (frame) => {
    const fields = load(frame);
    for (const { name, as } of node.names) {
      const value = fields.get(name);
      const missing = undefinedBecause(
        () => `The imported template has no "${name}"`,
        () => didYouMean(name, fields.keys()),
        at,
        name,
      );
      frame.vars.set(as, value === undefined ? missing : value);
    }
  };
}

/** What the template sets and defines at its top level. */
function loader(path: Expr, withContext: boolean, scope: Scope): (frame: Frame) => Map<string, Val> {
  const find = finder(path, scope);
  return (frame) => {
    const template = find(frame, false);
    const module = root(frame, withContext);
    if (template !== undefined) frame.engine.nested(() => frame.engine.programOf(template).run(module, []));
    return new Map([...module.vars].filter(([name]) => !name.startsWith('_')));
  };
}

/** The first scope of another template. With context it sees the scopes around the tag, without it functions only. */
function root(frame: Frame, withContext: boolean): Frame {
  const { rt, engine } = frame;
  return {
    rt,
    engine,
    vars: new Map(),
    parent: undefined,
    free: withContext ? (name) => seenFrom(frame, name) : engine.globals,
  };
}

function seenFrom(frame: Frame, name: string): Val | undefined {
  for (let one: Frame | undefined = frame; one !== undefined; one = one.parent) {
    const value = one.vars.get(name);
    if (value !== undefined) return value;
  }
  return frame.free(name);
}

/** The template that the path names, the first one found of a list; none where a missing one does not matter. */
function finder(path: Expr, scope: Scope): (frame: Frame, ignoreMissing: boolean) => Template | undefined {
  const value: Eval = build(path, scope);
  const at = scope.at(path);
  return (frame, ignoreMissing) => {
    try {
      const given = known(value(frame));
      const names = (isList(given) ? given : [given]).map((one) => pathText(one));
      let problem = 'There is no path to look at';
      for (const name of names) {
        const answer = frame.rt.ask({ kind: 'template', path: name });
        if (answer.kind === 'pending') throw new NeedsAnswer();
        if (answer.kind === 'template') return answer.template;
        if (answer.kind === 'error') problem = answer.message;
      }
      return ignoreMissing ? undefined : fail('lookup', problem);
    } catch (error) {
      throw located(error, at);
    }
  };
}

function pathText(given: Val): string {
  const value = known(given);
  return typeof value === 'string' ? value : fail('type', `The path of a template is a string, not ${typeName(value)}`);
}
