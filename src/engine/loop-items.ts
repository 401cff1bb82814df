import { err, ok, type Result } from '../core/result.ts';
import { isList, type Value } from '../core/value.ts';
import type { Environment, ExprError, Request } from '../expr/api.ts';
import { compileExpression } from '../expr/compile.ts';
import { evaluateExpression } from '../expr/evaluate.ts';
import type { Loop } from '../playbook/tree.ts';
import { evaluateTerm } from '../vars/evaluate.ts';
import { type Answers, settle } from './ask.ts';

/** The items of a loop. `with_x` is the lookup `x`, as in Ansible. */
export async function loopItems(
  { loop, action }: { readonly loop: Loop; readonly action: string },
  env: Environment,
  answers: Answers,
): Promise<Result<readonly Value[], ExprError>> {
  const list = await settle(() => evaluateTerm(loop.term, env), answers);
  if (list.kind === 'failed') return err(list.error);
  if (loop.kind === 'loop') {
    if (isList(list.value)) return ok(list.value);
    return err({
      reason: 'type',
      message: 'Expected "loop" to be a list',
      at: loop.at,
      help: 'A mapping becomes a list by the filter "dict2items", a text by "split"',
    });
  }
  const query = compileExpression('query(kind, *terms)', () => loop.at);
  if (!query.ok) throw new Error('The query of a loop does not compile');
  const terms = isList(list.value) ? list.value : [list.value];
  const given = new Map<string, Value>([
    ['kind', loop.kind],
    ['terms', terms],
  ]);
  const searching = loop.kind === 'first_found' ? inFolderOf(action, answers) : answers;
  const inner: Environment = {
    ...env,
    resolve: (name) => given.get(name) ?? env.resolve(name),
    answer: searching.known,
  };
  const items = await settle(() => evaluateExpression(query.value, inner), searching);
  if (items.kind === 'failed') return err(items.error);
  return ok(isList(items.value) ? items.value : [items.value]);
}

/** Ansible looks for the files of `with_first_found` in a folder that the name of the task's module tells. */
function inFolderOf(action: string, answers: Answers): Answers {
  const search = action.includes('template') ? 'templates' : action.includes('var') ? 'vars' : 'files';
  const moved = (request: Request): Request => (request.kind === 'file' ? { ...request, search } : request);
  return {
    known: (request) => answers.known(moved(request)),
    fetch: (requests) => answers.fetch(requests.map(moved)),
  };
}
