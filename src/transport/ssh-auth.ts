import type {
  AnyAuthMethod,
  AuthHandlerMiddleware,
  BaseAgent,
  IdentityCallback,
  ParsedKey,
  PublicKeyEntry,
} from 'ssh2';
import type { Target } from '../host/session.ts';
import { codeOf } from './failures.ts';
import type { Prompt } from './options.ts';
import type { Patience } from './patience.ts';
import type { SshKeys } from './ssh-keys.ts';
import type { SshSettings } from './ssh-settings.ts';

/** The ways to log in, one after the other, and what came of those that could not even be tried. */
export interface SshAuth {
  readonly handler: AuthHandlerMiddleware;
  /** For the message when none succeeded: what was offered, and what was wrong with the rest. */
  readonly story: () => { readonly tried: readonly string[]; readonly problems: readonly string[] };
}

export interface AuthOptions {
  readonly target: Target;
  readonly settings: SshSettings;
  readonly keys: SshKeys;
  readonly prompt: Prompt | undefined;
  /** What a person needs to answer is not the host's time. */
  readonly patience: Patience;
}

/** Answers the next method, or undefined where this way is closed. */
type Way = {
  readonly method: 'publickey' | 'password' | 'keyboard-interactive';
  readonly next: () => Promise<AnyAuthMethod | undefined>;
};

/**
 * The key of the inventory first, then a password of the inventory, then what ssh would try: the agent, the identity files,
 * and questions where somebody is there to answer. Each round trip counts, so nothing is asked that need not be.
 */
export function createAuth(options: AuthOptions): SshAuth {
  const { target, settings, keys, prompt, patience } = options;
  const username = settings.user;
  const tried: string[] = [];
  const problems: string[] = [];

  const keyFile = (path: string, mustExist: boolean): Way => ({
    method: 'publickey',
    next: async () => {
      const key = await patience.whileAsking(() => keys.load(path, target.passphrase));
      if (!key.ok) {
        if (mustExist || !key.error.endsWith('does not exist')) problems.push(key.error);
        return undefined;
      }
      tried.push(`key ${path}`);
      return { type: 'publickey', username, key: key.value };
    },
  });

  const agent: Way = {
    method: 'publickey',
    next: async () => {
      const socket = settings.agentSocket;
      if (socket === undefined) return undefined;
      const wanted = await Promise.all(settings.identityFiles.map(keys.publicOf));
      tried.push('keys of the agent');
      const onProblem = (why: string): void => {
        problems.push(`Cannot ask the agent at "${socket}": ${why}`);
      };
      return { type: 'agent', username, agent: await chosenKeys(socket, wanted, settings.identitiesOnly, onProblem) };
    },
  };

  const password = (word: string): readonly Way[] => [
    {
      method: 'password',
      next: async () => {
        tried.push('password');
        return { type: 'password', username, password: word };
      },
    },
    {
      method: 'keyboard-interactive',
      next: async () => {
        tried.push('keyboard-interactive');
        let given = false;
        return {
          type: 'keyboard-interactive',
          username,
          prompt: (_name, _instructions, _language, prompts, finish) => {
            // The password answers one hidden question, once: a second one wants something else.
            finish(prompts.map((one) => (!one.echo && !given ? word : '')));
            given = true;
          },
        };
      },
    },
  ];

  const questions: Way = {
    method: 'keyboard-interactive',
    next: async () => {
      if (prompt === undefined) return undefined;
      tried.push('keyboard-interactive');
      return {
        type: 'keyboard-interactive',
        username,
        prompt: (_name, _instructions, _language, prompts, finish) => {
          const ask = async (): Promise<void> => {
            const answers: string[] = [];
            for (const one of prompts) {
              answers.push(
                (await prompt({ text: `${username}@${target.name}: ${one.prompt}`, echo: one.echo ?? false })) ?? '',
              );
            }
            finish(answers);
          };
          void patience.whileAsking(ask);
        },
      };
    },
  };

  const asked: Way = {
    method: 'password',
    next: async () => {
      const text = `Password of ${username}@${target.name}: `;
      const word = await patience.whileAsking(async () => prompt?.({ text, echo: false }));
      if (word === undefined) return undefined;
      tried.push('password');
      return { type: 'password', username, password: word };
    },
  };

  const explicit = target.privateKeyFile;
  const ways: Way[] = [
    ...(explicit === undefined ? [] : [keyFile(explicit, true)]),
    ...(target.password === undefined ? [] : password(target.password)),
    agent,
    ...settings.identityFiles.filter((path) => path !== explicit).map((path) => keyFile(path, false)),
    ...(target.password === undefined ? [questions, asked] : []),
  ];

  const pick = async (left: readonly string[] | null): Promise<AnyAuthMethod> => {
    for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
      if (left !== null && !left.includes(way.method)) continue;
      const method = await way.next();
      if (method !== undefined) return method;
    }
    // ssh2 takes no "nothing left" later than at once: this one is refused, and the next call says so.
    return { type: 'none', username };
  };

  return {
    handler: (left, _partial, next) => {
      if (ways.length === 0) return false;
      void pick(left).then(next);
      return undefined;
    },
    story: () => ({ tried, problems }),
  };
}

/**
 * The agent's keys, those of the identity files first: servers stop listening after a few.
 * An agent that cannot be asked has no keys; there are other ways to log in.
 */
async function chosenKeys(
  socket: string,
  wanted: readonly (Buffer | undefined)[],
  only: boolean,
  onProblem: (why: string) => void,
): Promise<BaseAgent> {
  const { default: ssh2 } = await import('ssh2');
  const rank = (key: ParsedKey | Buffer | string | PublicKeyEntry): number => {
    const blob = blobOf(key);
    const at = wanted.findIndex((one) => one?.equals(blob));
    return at === -1 ? wanted.length : at;
  };
  return new (class extends ssh2.OpenSSHAgent {
    override getIdentities(callback: IdentityCallback<ParsedKey>): void {
      super.getIdentities((error, found) => {
        if (error) onProblem(codeOf(error) ?? error.message);
        const offered = (found ?? []).filter((key) => !only || rank(key) < wanted.length);
        callback(
          undefined,
          offered.toSorted((a, b) => rank(a) - rank(b)),
        );
      });
    }
  })(socket);
}

function blobOf(key: ParsedKey | Buffer | string | PublicKeyEntry): Buffer {
  if (typeof key === 'string') return Buffer.from(key);
  if (Buffer.isBuffer(key)) return key;
  if ('getPublicSSH' in key) return key.getPublicSSH();
  return typeof key.pubKey === 'object' && 'pubKey' in key.pubKey ? blobOf(key.pubKey.pubKey) : blobOf(key.pubKey);
}
