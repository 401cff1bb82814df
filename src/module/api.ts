/**
 * `hlb/module`: all that a module beside a playbook is made of. What is not exported here may change any day.
 */
export { z } from 'zod';
export type { Json, JsonObject } from '../core/value.ts';
/** Observations, such as `ask.file('/etc/motd')`. */
export * as ask from '../host/ask.ts';
export type { Change, ChangeOutcome, Content } from '../host/change.ts';
export type { FactOf, Observation } from '../host/observation.ts';
export { quote, quoteAll } from '../host/quote.ts';
/** Changes that take more than naming their fields, such as `change.writeFile(path, content)`. */
export * as change from './change.ts';
export { contentOf, hashOf } from './content.ts';
export {
  type Context,
  type Convergence,
  type Disrupts,
  defineModule,
  type Module,
  type ModuleDefinition,
  type Plan,
  type Seen,
  type Stage,
} from './define.ts';
export type { Effect } from './effect.ts';
export type { Inputs, Need } from './need.ts';
export { outcomeFields, outputReturns } from './output.ts';
/** Types of parameters, such as `param.required(param.text(), 'What it says')`. */
export * as param from './params.ts';
export { plan, refuse, staged } from './plan.ts';
