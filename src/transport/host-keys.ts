import { createHmac, randomBytes } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { codeOf, fail, messageOf } from './failures.ts';
import {
  algorithmsFor,
  fingerprintOf,
  judgeHostKey,
  type KnownHost,
  keyTypeOf,
  knownHostName,
  linesFor,
  parseKnownHosts,
} from './known-hosts.ts';
import type { SshSettings } from './ssh-settings.ts';

/** What is known of one host before it is dialled. */
export interface HostKeyCheck {
  /** Only these may be offered, so that a host with several keys shows one that is known; absent where none is. */
  readonly algorithms: readonly string[] | undefined;
  /** Certificates are for the system's ssh. */
  readonly byAuthority: boolean;
  /** Looks at the key that the host shows, and learns it where that is allowed. */
  readonly verify: (key: Buffer) => Promise<Result<void, Failure>>;
}

export interface HostKeys {
  readonly checkFor: (name: string, settings: SshSettings) => Promise<Result<HostKeyCheck, Failure>>;
}

/** One a run: files are read once, and hosts that share a new key learn it once. */
export function createHostKeys(): HostKeys {
  const files = new Map<string, Promise<readonly KnownHost[]>>();
  let learning: Promise<unknown> = Promise.resolve();

  const read = (path: string): Promise<readonly KnownHost[]> => {
    const known = files.get(path);
    if (known !== undefined) return known;
    const reading = readFile(path, 'utf8').then(
      (text) => parseKnownHosts(path, text),
      (error: unknown) => {
        if (codeOf(error) === 'ENOENT') return [];
        throw error;
      },
    );
    files.set(path, reading);
    return reading;
  };

  const learn = async (file: string, name: string, key: Buffer): Promise<void> => {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const before = await readFile(file, 'utf8').catch(() => '');
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    await appendFile(file, `${gap}${name} ${keyTypeOf(key)} ${key.toString('base64')}\n`, { mode: 0o600 });
    files.delete(file);
  };

  return {
    checkFor: async (name, settings) => {
      const asked = settings.hostKeyAlias ?? settings.host;
      const port = settings.hostKeyAlias === undefined ? settings.port : 22;
      const look = async (): Promise<readonly KnownHost[]> =>
        linesFor((await Promise.all(settings.knownHostsFiles.map(read))).flat(), asked, port);
      let lines: readonly KnownHost[];
      try {
        lines = await look();
      } catch (error) {
        return fail('host-key-mismatch', `Cannot read the known host keys for "${name}": ${messageOf(error)}`);
      }
      const types = new Set(lines.filter((one) => one.marker === undefined).map((one) => one.keyType));
      return ok({
        byAuthority: lines.some((one) => one.marker === 'cert-authority'),
        algorithms: types.size === 0 || settings.hostKey === 'off' ? undefined : [...types].flatMap(algorithmsFor),
        verify: async (key) => {
          const verdict = judgeHostKey(lines, key);
          const shown = `${keyTypeOf(key)} ${fingerprintOf(key)}`;
          const line = knownHostName(asked, port);
          if (verdict.kind === 'revoked') return revoked(name, shown, verdict.by);
          if (verdict.kind === 'known' || settings.hostKey === 'off') return ok(undefined);
          if (verdict.kind === 'changed') return changed(name, line, shown, verdict.known);
          const [file] = settings.knownHostsFiles;
          if (settings.hostKey === 'strict' || file === undefined) return unknown(name, line, shown, file);
          const mine = learning.then(async () => {
            const again = judgeHostKey(await look(), key);
            if (again.kind === 'unknown') await learn(file, settings.hashKnownHosts ? hashed(line) : line, key);
          });
          learning = mine.catch(() => undefined);
          return mine.then(
            () => ok(undefined),
            (error: unknown) =>
              fail('host-key-mismatch', `Cannot write the host key of "${name}" to ${file}: ${messageOf(error)}`),
          );
        },
      });
    },
  };
}

/** As `HashKnownHosts yes` writes a name. */
function hashed(name: string): string {
  const salt = randomBytes(20);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

function placeOf(line: KnownHost): string {
  return `${line.path}:${line.line}`;
}

function revoked(name: string, shown: string, by: KnownHost) {
  return fail('host-key-mismatch', `The host key of "${name}" is revoked: ${shown}, by ${placeOf(by)}`, {
    help: 'Do not connect until the host has a new key; ask whoever revoked it',
  });
}

function changed(name: string, asked: string, shown: string, known: readonly [KnownHost, ...KnownHost[]]) {
  const [first] = known;
  const expected = `${first.keyType} ${fingerprintOf(Buffer.from(first.key, 'base64'))}`;
  return fail(
    'host-key-mismatch',
    `The host key of "${name}" changed: it shows ${shown}, and ${placeOf(first)} holds ${expected}`,
    {
      help: `If the host was installed anew, remove the old key with: ssh-keygen -f "${first.path}" -R "${asked}"; if not, somebody may be in between`,
    },
  );
}

function unknown(name: string, asked: string, shown: string, file: string | undefined) {
  return fail(
    'host-key-mismatch',
    `The host key of "${name}" is not known: it shows ${shown}, and ${file ?? 'no file'} has no line for "${asked}"`,
    {
      help: 'Compare the fingerprint with `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the host, then add the key, or run once with --host-key accept-new',
    },
  );
}
