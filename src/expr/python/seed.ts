import { createHash } from 'node:crypto';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { typeName } from '../runtime/type-name.ts';
import type { Runtime, Val } from '../runtime/value.ts';
import { type Twister, twister } from './twister.ts';

/** The generator of a seed, equal to Python's; without one, whatever the environment draws. */
export function generator(given: Val, rt: Runtime): Twister {
  const seed = known(given);
  if (seed === null) return { below: (n) => BigInt(Math.floor(rt.env.random() * Number(n))) };
  if (typeof seed === 'bigint' || typeof seed === 'boolean') return twister(wordsOf(absolute(BigInt(seed))));
  if (typeof seed === 'number' && Number.isInteger(seed)) return twister(wordsOf(absolute(BigInt(seed))));
  if (typeof seed !== 'string') return fail('type', `A seed is a string or an integer, not ${typeName(seed)}`);
  const bytes = Buffer.from(seed, 'utf8');
  const whole = Buffer.concat([bytes, createHash('sha512').update(bytes).digest()]);
  return twister(wordsOf(BigInt(`0x${whole.toString('hex')}`)));
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** 32 bits each, the lowest first. */
function wordsOf(value: bigint): number[] {
  const words: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
  return words.length === 0 ? [0] : words;
}
