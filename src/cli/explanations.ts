import type { CodeEntry } from '../core/diagnostic.ts';
import { codes as exprCodes } from '../expr/codes.ts';
import { haCodes } from '../ha/codes.ts';
import { inventoryCodes } from '../inventory/codes.ts';
import { labCodes } from '../lab/codes.ts';
import { playbookCodes } from '../playbook/codes.ts';
import { varsCodes } from '../vars/codes.ts';
import { yamlCodes } from '../yaml/codes.ts';
import { cliCodes } from './codes.ts';

/** Every code of every layer, sorted. */
export function explanations(): ReadonlyMap<string, CodeEntry> {
  const all: Readonly<Record<string, CodeEntry>> = {
    ...cliCodes,
    ...exprCodes,
    ...haCodes,
    ...inventoryCodes,
    ...labCodes,
    ...playbookCodes,
    ...varsCodes,
    ...yamlCodes,
  };
  return new Map(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}
