import { createHash } from 'node:crypto';
import type { Redactor } from '../core/redact.ts';
import { err, ok, type Result } from '../core/result.ts';
import { isList, isMapping, type JsonObject, toJson, type Value } from '../core/value.ts';
import { type Environment, type ExprError, OMIT } from '../expr/api.ts';
import { evaluateExpression } from '../expr/evaluate.ts';
import { toText } from '../expr/runtime/text.ts';
import { canonicalArguments, metaOf } from '../module/arguments.ts';
import type { Module } from '../module/define.ts';
import type { Task } from '../playbook/tree.ts';
import { evaluateTerm } from '../vars/evaluate.ts';
import type { Term } from '../vars/term.ts';
import { type Answers, settle } from './ask.ts';

/** Parsed parameters, and the hash that the journal knows them by. */
export interface Arguments {
  readonly params: unknown;
  readonly hash: string;
}

export type ArgumentsError =
  | { readonly kind: 'expression'; readonly error: ExprError }
  | { readonly kind: 'invalid'; readonly message: string };

/** Evaluates a task's arguments with its module defaults below them, drops what is `omit`, and has the module parse the rest. */
export async function evaluateArguments(
  task: Task,
  env: Environment,
  answers: Answers,
  redactor: Redactor,
): Promise<Result<Arguments, ArgumentsError>> {
  const args: Record<string, JsonObject[string]> = {};
  const defaults = defaultsOf(task);
  for (const term of [
    ...(defaults === undefined ? [] : [defaults]),
    ...(task.args.kind === 'dynamic' ? [task.args.term] : []),
  ]) {
    const whole = await evaluateArgument(term, env, answers);
    if (!whole.ok) return err({ kind: 'expression', error: whole.error });
    if (!isMapping(whole.value))
      return err({ kind: 'invalid', message: `Expected the arguments of "${task.action}" to be a mapping` });
    for (const [key, value] of whole.value) if (value !== OMIT) args[toText(key)] = toJson(value);
  }
  if (task.args.kind === 'mapping') {
    for (const [name, term] of task.args.entries) {
      const value = await evaluateArgument(term, env, answers);
      if (!value.ok) return err({ kind: 'expression', error: value.error });
      if (value.value === OMIT) delete args[name];
      else args[name] = toJson(withoutOmitted(value.value));
    }
  }
  const canonical = canonicalArguments(task.module, args);
  const parsed = task.module.params.safeParse(canonical);
  if (!parsed.success) {
    const messages = parsed.error.issues.map(
      (issue) => `${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}`,
    );
    return err({ kind: 'invalid', message: `Invalid arguments of "${task.action}": ${messages.join('; ')}` });
  }
  for (const name of secretParams(task.module)) {
    const secret = canonical[name];
    if (typeof secret === 'string') redactor.register(secret);
  }
  return ok({
    params: parsed.data,
    hash: createHash('sha256').update(JSON.stringify(canonical)).digest('hex').slice(0, 16),
  });
}

/** The innermost mapping of a module takes the place of those around it, as Ansible does not merge them. */
export function defaultsOf({ keywords, module }: Task): Term | undefined {
  return keywords.moduleDefaults.findLast((layer) => layer.has(module.name))?.get(module.name);
}

/** A bare expression becomes `{expression, value, defined}`; everything else its value. */
export async function evaluateArgument(
  term: Term,
  env: Environment,
  answers: Answers,
): Promise<Result<Value, ExprError>> {
  if (term.kind === 'expression') {
    const outcome = await settle(() => evaluateExpression(term.expression, env), answers);
    if (outcome.kind === 'failed' && outcome.error.reason !== 'undefined') return err(outcome.error);
    return ok(
      new Map<Value, Value>([
        ['expression', term.expression.text],
        ['value', outcome.kind === 'value' ? outcome.value : outcome.error.message],
        ['defined', outcome.kind === 'value'],
      ]),
    );
  }
  if (term.kind === 'list' && term.items.some((item) => item.kind === 'expression')) {
    const values: Value[] = [];
    for (const item of term.items) {
      const value = await evaluateArgument(item, env, answers);
      if (!value.ok) return value;
      values.push(value.value);
    }
    return ok(values);
  }
  const outcome = await settle(() => evaluateTerm(term, env), answers);
  return outcome.kind === 'value' ? ok(outcome.value) : err(outcome.error);
}

/** `omit` inside a mapping or list leaves that part out, as in Ansible. */
function withoutOmitted(value: Value): Value {
  if (isMapping(value)) {
    return new Map([...value].filter(([, item]) => item !== OMIT).map(([key, item]) => [key, withoutOmitted(item)]));
  }
  if (isList(value)) return value.filter((item) => item !== OMIT).map(withoutOmitted);
  return value;
}

/** Parameters that `.meta({ secret: true })` marks. */
function secretParams(module: Module): readonly string[] {
  return Object.entries(module.params.shape).flatMap(([name, field]) =>
    metaOf(field)?.['secret'] === true ? [name] : [],
  );
}
