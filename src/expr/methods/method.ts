import { bindValues } from '../runtime/signature.ts';
import type { Named, Params, Runtime, Val } from '../runtime/value.ts';

/** A method of a value, as Python's type of the same name has it. */
export interface Method<Self> {
  readonly params: Params;
  readonly run: (self: Self, args: readonly Val[], rt: Runtime) => Val;
}
export type Methods<Self> = ReadonlyMap<string, Method<Self>>;

export function methods<Self>(table: Readonly<Record<string, readonly [Params, Method<Self>['run']]>>): Methods<Self> {
  return new Map(Object.entries(table).map(([name, [params, run]]) => [name, { params, run }]));
}

/** The method of one value, its arguments still open. */
export type Bound = (args: readonly Val[], named: Named, rt: Runtime) => Val;

export function bound<Self>(table: Methods<Self>, self: Self, name: string): Bound | undefined {
  const method = table.get(name);
  return (
    method && ((args, named, rt) => method.run(self, bindValues(method.params, args, named, `method "${name}"`), rt))
  );
}
