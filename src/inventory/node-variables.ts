import type { Term } from '../vars/term.ts';
import { type TermOptions, termOf } from '../vars/term-of.ts';
import type { YamlEntry, YamlNode } from '../yaml/node.ts';
import type { DraftGroup } from './draft.ts';
import { type Reading, reportName, setGroupVariable, setHostVariable } from './reading.ts';

/** Variables of hosts as YAML or JSON has them. */
export function setHostVariables(
  reading: Reading,
  hosts: readonly string[],
  entries: readonly YamlEntry[],
  options: TermOptions = {},
): void {
  for (const { key, value } of entries) {
    reportName(reading, key.text, key.at);
    const term = compile(reading, value, options);
    for (const host of hosts) setHostVariable(reading, host, key.text, term);
  }
}

/** Variables of a group, its priority among them. */
export function setGroupVariables(
  reading: Reading,
  group: DraftGroup,
  entries: readonly YamlEntry[],
  options: TermOptions = {},
): void {
  for (const { key, value } of entries) {
    reportName(reading, key.text, key.at);
    setGroupVariable(reading, group, key.text, compile(reading, value, options));
  }
}

function compile(reading: Reading, value: YamlNode, options: TermOptions): Term {
  const { term, diagnostics } = termOf(value, { decrypt: reading.decrypt, ...options });
  for (const diagnostic of diagnostics) reading.report(diagnostic);
  return term;
}
