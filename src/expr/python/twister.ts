/** Python's `random.Random`: the Mersenne Twister, seeded as Python seeds it. */
export interface Twister {
  /** Uniform in [0, n). */
  readonly below: (n: bigint) => bigint;
}

const SIZE = 624;

/** From the words of a seed, the lowest first. */
export function twister(key: readonly number[]): Twister {
  const state = seeded(key);
  let at = SIZE;

  function next(): number {
    if (at >= SIZE) {
      refill(state);
      at = 0;
    }
    let word = state[at++] ?? 0;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  /** `bits` random bits, the lowest word drawn first. */
  function draw(bits: number): bigint {
    let value = 0n;
    for (let shift = 0; shift < bits; shift += 32) {
      const left = bits - shift;
      const word = left >= 32 ? next() : next() >>> (32 - left);
      value |= BigInt(word) << BigInt(shift);
    }
    return value;
  }

  return {
    below(n) {
      const bits = n.toString(2).length;
      let value = draw(bits);
      while (value >= n) value = draw(bits);
      return value;
    },
  };
}

function seeded(key: readonly number[]): Uint32Array {
  const state = new Uint32Array(SIZE);
  state[0] = 19650218;
  for (let i = 1; i < SIZE; i++) state[i] = Math.imul(1812433253, mix(state[i - 1] ?? 0)) + i;
  let i = 1;
  let j = 0;
  for (let left = Math.max(SIZE, key.length); left > 0; left--) {
    state[i] = ((state[i] ?? 0) ^ Math.imul(mix(state[i - 1] ?? 0), 1664525)) + (key[j] ?? 0) + j;
    i++;
    j++;
    if (i >= SIZE) {
      state[0] = state[SIZE - 1] ?? 0;
      i = 1;
    }
    if (j >= key.length) j = 0;
  }
  for (let left = SIZE - 1; left > 0; left--) {
    state[i] = ((state[i] ?? 0) ^ Math.imul(mix(state[i - 1] ?? 0), 1566083941)) - i;
    i++;
    if (i >= SIZE) {
      state[0] = state[SIZE - 1] ?? 0;
      i = 1;
    }
  }
  state[0] = 0x80000000;
  return state;
}

function mix(word: number): number {
  return word ^ (word >>> 30);
}

function refill(state: Uint32Array): void {
  for (let k = 0; k < SIZE; k++) {
    const word = ((state[k] ?? 0) & 0x80000000) | ((state[(k + 1) % SIZE] ?? 0) & 0x7fffffff);
    state[k] = (state[(k + 397) % SIZE] ?? 0) ^ (word >>> 1) ^ (word & 1 ? 0x9908b0df : 0);
  }
}
