import { describe, expect, it } from 'vitest';
import { typesIn } from '../../../src/transport/agent-keys.ts';

function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function answer(types: readonly string[]): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(types.length);
  const keys = types.map((type) => Buffer.concat([text(Buffer.concat([text(type), text('key')])), text('comment')]));
  return text(Buffer.concat([Buffer.from([12]), count, ...keys]));
}

describe('the answer of an agent', () => {
  it('names the type of each key', () => {
    const types = ['ssh-ed25519', 'ssh-ed25519-cert-v01@openssh.com', 'sk-ssh-ed25519@openssh.com'];
    expect(typesIn(answer(types))).toEqual(types);
  });

  it('is read as far as it goes', () => {
    const whole = answer(['ssh-rsa', 'ssh-ed25519']);
    expect(typesIn(whole.subarray(0, whole.length - 3))).toEqual(['ssh-rsa']);
    expect(typesIn(Buffer.from([0, 0, 0, 1, 5]))).toEqual([]);
    expect(typesIn(Buffer.alloc(0))).toEqual([]);
  });
});
