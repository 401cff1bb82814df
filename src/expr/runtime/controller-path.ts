import type { ControllerPath } from '../api.ts';
import { asText } from './coerce.ts';
import { fail, NeedsAnswer } from './failure.ts';
import type { Runtime, Val } from './value.ts';

/** What the controller has at a path. */
export function controllerPath(value: Val, what: string, rt: Runtime): ControllerPath {
  const answer = rt.ask({ kind: 'path', path: asText(value, what) });
  if (answer.kind === 'pending') throw new NeedsAnswer();
  if (answer.kind === 'path') return answer.path;
  return fail('lookup', answer.kind === 'error' ? answer.message : 'The controller cannot be asked here');
}
