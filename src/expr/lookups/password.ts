import { generator } from '../python/seed.ts';
import { passwordHash } from '../python/password-hash.ts';
import { asCount, asText } from '../runtime/coerce.ts';
import { fail, NeedsAnswer } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { toText } from '../runtime/text.ts';
import { type Dict, isList, type Runtime, type Val } from '../runtime/value.ts';
import { missing } from './answers.ts';

const names = ['length', 'encrypt', 'chars', 'ident', 'seed'];
const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const digits = '0123456789';
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** What a word of `chars` stands for in Python's module `string`; any other one for its own characters. */
const sets: ReadonlyMap<string, string> = new Map([
  ['ascii_letters', lower + upper],
  ['ascii_lowercase', lower],
  ['ascii_uppercase', upper],
  ['digits', digits],
  ['hexdigits', `${digits}abcdefABCDEF`],
  ['octdigits', '01234567'],
  ['punctuation', punctuation],
]);

/** ansible's `password`: the password in a file of the controller, made where there is none yet. */
export function passwordOf(term: Val, given: Dict, rt: Runtime): string {
  const { path, options } = parse(asText(term, 'The path of a password'));
  const of = (name: string): Val => options.get(name) ?? known(given.get(name) ?? null);
  const length = of('length') === null ? 20 : asCount(lengthOf(of('length')), 'The length');
  const alphabet = alphabetOf(of('chars'));
  const seed = of('seed');
  const encrypt = of('encrypt') === null ? undefined : toText(of('encrypt'));
  const draw = seed === null ? undefined : generator(toText(seed), rt);
  const initial =
    draw === undefined
      ? undefined
      : Array.from({ length }, () => alphabet[Number(draw.below(BigInt(alphabet.length)))] ?? '').join('');
  const answer = rt.ask({
    kind: 'password',
    path,
    length,
    alphabet,
    ...(initial === undefined ? {} : { initial }),
    salted: encrypt !== undefined,
  });
  if (answer.kind === 'pending') throw new NeedsAnswer();
  if (answer.kind !== 'text') return missing(answer, path);
  if (encrypt === undefined) return answer.text;
  const rest = { saltSize: undefined, rounds: undefined, random: rt.env.random, spend: rt.spend };
  return passwordHash(answer.text, { type: encrypt, salt: answer.salt, ...rest });
}

/** The path, and behind it what else is said: `creds/pw length=15 chars=digits`. */
function parse(text: string): { readonly path: string; readonly options: ReadonlyMap<string, Val> } {
  const [first = '', ...words] = text.split(' ');
  const path = [first];
  const options = new Map<string, Val>();
  for (const word of words) {
    const [, name, value] = /^(\w+)=(.*)$/.exec(word) ?? [];
    if (name === undefined && options.size > 0)
      return fail('lookup', `"${word}" stands behind the parameters of the lookup password`);
    if (name === undefined) path.push(word);
    else if (!names.includes(name)) return fail('lookup', `The lookup password has no parameter "${name}"`);
    else options.set(name, (value ?? '').replace(/^(['"])(.*)\1$/, '$2'));
  }
  return { path: path.join(' '), options };
}

function lengthOf(value: Val): Val {
  return typeof value === 'string' && /^\d+$/.test(value) ? BigInt(value) : value;
}

function alphabetOf(given: Val): string {
  const words =
    given === null ? ['ascii_letters', 'digits', '.,:-_'] : isList(given) ? given.map(toText) : split(toText(given));
  const all = words.map((word) => sets.get(word) ?? word).join('');
  const usable = all.replaceAll('"', '').replaceAll("'", '');
  return usable === '' ? fail('lookup', 'The lookup password has no characters to choose from') : usable;
}

/** Two commas stand for a comma. */
function split(chars: string): readonly string[] {
  const words = chars.replaceAll(',,', ',').split(',');
  return [...(chars.includes(',,') ? [','] : []), ...words.filter((word) => word !== '')];
}
