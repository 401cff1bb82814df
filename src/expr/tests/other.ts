import { defineTest, type Test } from '../define.ts';
import { oneOf } from '../filters/list.ts';
import { urlParts } from '../python/url.ts';
import { compareVersions, type Scheme } from '../python/version.ts';
import { asItems } from '../runtime/coerce.ts';
import { contains, isTruthy } from '../runtime/compare.ts';
import { EvaluationError, fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { optional, required } from '../runtime/signature.ts';
import { toText } from '../runtime/text.ts';
import type { Runtime, Val } from '../runtime/value.ts';

const operators = ['==', '=', 'eq', '<', 'lt', '<=', 'le', '>', 'gt', '>=', 'ge', '!=', '<>', 'ne'] as const;
const schemes = ['loose', 'strict', 'semver', 'semantic', 'pep440'] as const satisfies readonly Scheme[];

export const otherTests: readonly Test[] = [
  defineTest({
    name: 'version',
    aliases: ['version_compare'],
    summary: 'Compares a version with another',
    params: [required('version'), optional('operator', 'eq'), optional('strict'), optional('version_type')],
    run(value, [other, operator, strict, type]) {
      if (known(strict) !== null && known(type) !== null) fail('value', 'Give either strict or version_type, not both');
      const scheme = isTruthy(strict ?? null)
        ? 'strict'
        : isTruthy(type ?? null)
          ? oneOf(type, schemes, 'The version_type')
          : 'loose';
      const [left, right] = [versionText(value), versionText(other ?? null)];
      return holds(oneOf(operator, operators, 'The operator'), compareVersions(left, right, scheme));
    },
  }),
  defineTest({
    name: 'subset',
    aliases: ['issubset'],
    summary: 'Whether every item is in the other list',
    params: [required('other')],
    run: (value, [other], rt) => isSubset(value, other ?? null, rt),
  }),
  defineTest({
    name: 'superset',
    aliases: ['issuperset'],
    summary: 'Whether every item of the other list is in this one',
    params: [required('other')],
    run: (value, [other], rt) => isSubset(other ?? null, value, rt),
  }),
  defineTest({
    name: 'any',
    summary: 'Whether an item is truthy',
    run: (value, _, rt) => asItems(value, rt).some((item) => isTruthy(item)),
  }),
  defineTest({
    name: 'all',
    summary: 'Whether every item is truthy',
    run: (value, _, rt) => asItems(value, rt).every((item) => isTruthy(item)),
  }),
  defineTest({
    name: 'uri',
    summary: 'Whether the text is a URI, of one of the given schemes if any',
    params: [optional('schemes')],
    run: (value, [wanted], rt) => isUri(value, wanted ?? null, rt),
  }),
  defineTest({
    name: 'url',
    summary: 'Whether the text is a URL, of one of the given schemes if any',
    params: [optional('schemes')],
    run: (value, [wanted], rt) => isUri(value, wanted ?? null, rt) && isUrl(value),
  }),
  defineTest({ name: 'urn', summary: 'Whether the text is a URN', run: (value, _, rt) => isUri(value, ['urn'], rt) }),
  defineTest({
    name: 'vault_encrypted',
    summary:
      'Whether the value is still encrypted, which none is: values of vaults are decrypted before templates see them',
    run: () => false,
  }),
];

function versionText(value: Val): string {
  const text = toText(value);
  return isTruthy(value) ? text : fail('value', 'A version to compare is empty');
}

function holds(operator: (typeof operators)[number], sign: number): boolean {
  if (['==', '=', 'eq'].includes(operator)) return sign === 0;
  if (['!=', '<>', 'ne'].includes(operator)) return sign !== 0;
  if (['<', 'lt'].includes(operator)) return sign < 0;
  if (['<=', 'le'].includes(operator)) return sign <= 0;
  return ['>', 'gt'].includes(operator) ? sign > 0 : sign >= 0;
}

function isSubset(value: Val, other: Val, rt: Runtime): boolean {
  const items = asItems(other, rt);
  return asItems(value, rt).every((item) => contains(items, item));
}

function isUri(value: Val, wanted: Val, rt: Runtime): boolean {
  const text = known(value);
  if (typeof text !== 'string') return false;
  try {
    const scheme = urlParts(text).get('scheme') ?? '';
    return !isTruthy(wanted) || asItems(wanted, rt).some((one) => toText(one) === scheme);
  } catch (error) {
    if (error instanceof EvaluationError && error.reason === 'value') return false;
    throw error;
  }
}

function isUrl(value: Val): boolean {
  const parts = urlParts(toText(value));
  return parts.get('netloc') !== '' || parts.get('scheme') === 'file';
}
