import type { Clock } from '../core/clock.ts';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import type { Become } from '../host/session.ts';
import { aborted, fail, isAborted, lastLines } from './failures.ts';
import type { Launch } from './launch.ts';
import type { Pipe } from './pipe.ts';

/** At most this much of what a host prints before its hello is kept. A chunk is smaller. */
const noiseLimit = 1024 * 1024;

export interface GreetOptions {
  readonly host: string;
  readonly become: Become | undefined;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Waits for the hello of a program that was just started, and gives the become password when it is asked for, once.
 * A question that comes again means that the password was wrong. What follows the hello stays in the streams, which are
 * paused: resume them once somebody listens.
 */
export async function greet(pipe: Pipe, launch: Launch, options: GreetOptions): Promise<Result<void, Failure>> {
  const { host, become, clock, timeoutMs, signal } = options;
  const late = new AbortController();
  const outcome = await new Promise<Result<void, Failure>>((resolve) => {
    let stdout = '';
    let stderr = '';
    let told = 0;
    const prompt = launch.prompt;

    const done = (result: Result<void, Failure>): void => {
      pipe.stdout.off('data', onOut).pause();
      pipe.stderr.off('data', onErr).pause();
      late.abort();
      resolve(result);
    };
    const refused = (message: string, help?: string): void => {
      const seen = lastLines(withoutPrompts(stderr));
      done(
        fail('auth-failed', message, {
          ...(seen === undefined ? {} : { stderr: seen }),
          ...(help === undefined ? {} : { help }),
        }),
      );
    };
    const onOut = (chunk: Buffer): void => {
      stdout = (stdout + chunk.toString('latin1')).slice(-noiseLimit);
      const [, rest] = stdout.split(`${launch.hello}\n`);
      if (rest === undefined) return;
      done(ok(undefined));
      if (rest !== '') pipe.stdout.unshift(Buffer.from(rest, 'latin1'));
    };
    const onErr = (chunk: Buffer): void => {
      stderr = (stderr + chunk.toString('utf8')).slice(-noiseLimit);
      if (prompt === undefined || !prompt.pattern.test(stderr.slice(told))) return;
      if (become === undefined || prompt.password === undefined) {
        refused(
          `${nameOf(become)} on "${host}" asks for a password and none is given`,
          'Set ansible_become_password, or allow it without a password',
        );
        return;
      }
      if (told > 0) {
        refused(`${nameOf(become)} on "${host}" does not accept the password for becoming "${become.user}"`);
        return;
      }
      told = stderr.length;
      pipe.stdin.write(`${prompt.password}\n`);
    };

    if (isAborted(signal)) {
      done(aborted(host));
      return;
    }
    pipe.stdout.on('data', onOut);
    pipe.stderr.on('data', onErr);
    pipe.stdin.on('error', () => undefined);
    void pipe.ended.then((end) => {
      const code = end.code === undefined ? '' : ` (exit code ${end.code})`;
      if (become === undefined) {
        const seen = lastLines(stderr) ?? lastLines(stdout);
        done(
          fail('connection-lost', `The shell on "${host}" ended before it answered${code}`, {
            retry: 'transient',
            ...(seen === undefined ? {} : { stderr: seen }),
            help: 'Check the login shell of the user, and what its start-up files do without a terminal',
          }),
        );
        return;
      }
      refused(becomeMessage(become, host, stderr, code), becomeHelp(become, stderr, told > 0));
    });
    signal?.addEventListener('abort', () => done(aborted(host)), {
      signal: late.signal,
    });
    clock.sleep(timeoutMs, late.signal).then(
      () => {
        const seconds = Math.round(timeoutMs / 1000);
        if (become === undefined)
          done(fail('timeout', `The shell on "${host}" did not answer within ${seconds} s`, { retry: 'transient' }));
        else refused(`${nameOf(become)} on "${host}" did not become "${become.user}" within ${seconds} s`);
      },
      () => undefined,
    );
  });
  if (!outcome.ok) pipe.destroy();
  return outcome;
}

function nameOf(become: Become | undefined): string {
  return become?.method ?? 'The login';
}

function becomeMessage(become: Become, host: string, stderr: string, code: string): string {
  const lines = withoutPrompts(stderr).trim().split('\n');
  const line = lines.find((one) => one.startsWith(`${become.method}: `)) ?? lines.at(-1) ?? '';
  const why = line === '' ? `it ended${code}` : `"${line.trim()}"`;
  return `${become.method} on "${host}" did not become "${become.user}": ${why}`;
}

function becomeHelp(become: Become, stderr: string, told: boolean): string | undefined {
  if (/not found|No such file/.test(stderr))
    return `Install ${become.method} on the host, or choose another become_method`;
  if (become.method === 'doas') {
    return 'doas reads a password from a terminal only, which a session does not have: add a "nopass" rule to doas.conf, or use sudo';
  }
  if (told) return 'Check ansible_become_password';
  return become.password === undefined ? 'Set ansible_become_password, or allow it without a password' : undefined;
}

/** Our own questions say nothing to the person who reads the message. */
function withoutPrompts(stderr: string): string {
  return stderr.replace(/hlb-password-[0-9a-f]+:?/g, '');
}
