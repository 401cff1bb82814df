import { createConnection } from 'node:net';

/** Types that ssh2 signs with; certificates and keys of security tokens (`sk-…`) are none of them. */
const plain = /^(ssh-ed25519|ssh-rsa|ssh-dss|ecdsa-sha2-nistp(256|384|521))$/;

/** What an agent is asked for its keys by, and what it begins its answer with (draft-ietf-sshm-ssh-agent). */
const requestIdentities = Buffer.from([0, 0, 0, 1, 11]);
const identitiesAnswer = 12;
const patienceMs = 2000;

/** The types of the agent's keys that only the system's ssh can use; none where the agent cannot be asked. */
export async function keysBeyondSsh2(socket: string): Promise<readonly string[]> {
  const answer = await ask(socket);
  return typesIn(answer).filter((type) => !plain.test(type));
}

function ask(socket: string): Promise<Buffer> {
  return new Promise((resolve) => {
    let read = Buffer.alloc(0);
    const agent = createConnection(socket, () => agent.write(requestIdentities));
    const end = (): void => {
      agent.destroy();
      resolve(read);
    };
    agent.setTimeout(patienceMs, end);
    agent.on('error', end);
    agent.on('close', end);
    agent.on('data', (chunk: Buffer) => {
      read = Buffer.concat([read, chunk]);
      if (read.length >= 4 && read.length >= 4 + read.readUInt32BE(0)) end();
    });
  });
}

/** An answer is its length, a byte, a count, then a blob and a comment each key; a blob begins with its type. */
export function typesIn(answer: Buffer): readonly string[] {
  if (answer.length < 9 || answer[4] !== identitiesAnswer) return [];
  const types: string[] = [];
  let at = 9;
  const text = (from: number): Buffer | undefined => {
    if (from + 4 > answer.length) return undefined;
    const end = from + 4 + answer.readUInt32BE(from);
    return end > answer.length ? undefined : answer.subarray(from + 4, end);
  };
  for (let left = answer.readUInt32BE(5); left > 0; left -= 1) {
    const blob = text(at);
    const type = text(at + 4);
    const comment = blob === undefined ? undefined : text(at + 4 + blob.length);
    if (blob === undefined || type === undefined || comment === undefined) break;
    types.push(type.toString('latin1'));
    at += 8 + blob.length + comment.length;
  }
  return types;
}
