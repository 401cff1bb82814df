import type { YamlScalar } from './node.ts';

/**
 * What Ansible reads differently, because it reads YAML 1.1. Only plain scalars are concerned: quotes mean a text in both.
 */

const truths = new Set(['y', 'yes', 'on']);
const falsehoods = new Set(['n', 'no', 'off']);

/** `yes`, `no`, `on`, `off`, `y` or `n` without quotes: a boolean in YAML 1.1 (`y` and `n` by its text, not in PyYAML), a text in 1.2. */
export function isYaml11Boolean(scalar: YamlScalar): boolean {
  return scalar.style === 'plain' && scalar.tag === undefined && yaml11Boolean(scalar.text) !== undefined;
}

/** The boolean that YAML 1.1 sees in a word that is a text in YAML 1.2. */
export function yaml11Boolean(text: string): boolean | undefined {
  if (!/^([a-z]+|[A-Z][a-z]*|[A-Z]+)$/.test(text)) return undefined;
  const word = text.toLowerCase();
  return truths.has(word) ? true : falsehoods.has(word) ? false : undefined;
}

/** `0644` without quotes: octal in YAML 1.1, the number 644 in 1.2. */
export function isOctalLooking(scalar: YamlScalar): boolean {
  return scalar.style === 'plain' && scalar.tag === undefined && /^[-+]?0[0-7_]+$/.test(scalar.text);
}
