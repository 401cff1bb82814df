import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { quote } from '../host/quote.ts';
import { aborted, fail, isAborted, lastLines, messageOf } from './failures.ts';
import type { Pipe } from './pipe.ts';

/** Starts a program on a channel of its own. */
export type StartProgram = (program: string) => Promise<Result<Pipe, Failure>>;

/** What a transfer brings is as secret as anything: nobody else may read the temporary file. */
export async function upload(
  host: string,
  start: StartProgram,
  from: Uint8Array | { readonly localPath: string },
  path: string,
  signal: AbortSignal | undefined,
): Promise<Result<void, Failure>> {
  const input = 'localPath' in from ? createReadStream(from.localPath) : from;
  const done = await transfer(host, start, `umask 077; exec cat >${quote(path)}`, input, signal);
  if (!done.ok) return done;
  return done.value.code === 0 ? ok(undefined) : refused(`Cannot write "${path}" on "${host}"`, done.value);
}

export async function download(
  host: string,
  start: StartProgram,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Result<Uint8Array, Failure>> {
  const done = await transfer(host, start, `exec cat <${quote(path)}`, new Uint8Array(), signal);
  if (!done.ok) return done;
  return done.value.code === 0 ? ok(done.value.stdout) : refused(`Cannot read "${path}" on "${host}"`, done.value);
}

interface Transferred {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

function refused(what: string, { code, stderr }: Transferred) {
  // The shell says which line of its own text failed; the reason is behind it.
  const why = lastLines(stderr, 1)?.replace(/^.*: (?=[^:]+$)/, '') ?? 'no reason given';
  return fail('command-failed', `${what}: ${why}`, { exitCode: code });
}

async function transfer(
  host: string,
  start: StartProgram,
  program: string,
  input: Uint8Array | Readable,
  signal: AbortSignal | undefined,
): Promise<Result<Transferred, Failure>> {
  if (isAborted(signal)) return aborted(host);
  const started = await start(program);
  if (!started.ok) return started;
  const pipe = started.value;
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  pipe.stdout.on('data', (chunk: Buffer) => stdout.push(chunk)).resume();
  pipe.stderr.on('data', (chunk: Buffer) => stderr.push(chunk)).resume();
  signal?.addEventListener('abort', pipe.destroy, { once: true });
  let problem: string | undefined;
  if (input instanceof Uint8Array) pipe.stdin.end(input);
  else {
    // A program that ends early closes its stdin: what it says is the better reason.
    await pipeline(input, pipe.stdin).catch((error: unknown) => {
      problem = messageOf(error);
      pipe.stdin.end();
    });
  }
  const { code } = await pipe.ended;
  signal?.removeEventListener('abort', pipe.destroy);
  if (isAborted(signal)) return aborted(host);
  if (code === undefined)
    return fail('connection-lost', `The connection to "${host}" was lost`, { retry: 'transient' });
  if (code === 0 && problem !== undefined) return fail('command-failed', `Cannot send to "${host}": ${problem}`);
  return ok({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') });
}
