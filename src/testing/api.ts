import type { Module } from '../module/define.ts';
import { type Law, lawsOf } from './laws.ts';
import { readCases } from './read-cases.ts';

/**
 * `hlb/testing`: the laws that a module beside a playbook keeps, with its cases. Each law throws where it is broken, so
 * any test runner will do: `for (const law of laws(banner, { cases: 'modules/login_banner' })) test(law.name, law.check)`.
 */
export { Case, runCase } from './case.ts';
export type { Law } from './laws.ts';

/** `cases`: the folder of the module's cases, one a `.yml` file. Throws where a file there is no case. */
export function laws(module: Module, { cases }: { readonly cases: string }): readonly Law[] {
  return lawsOf(module, readCases(cases));
}
