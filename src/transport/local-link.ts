import { connect } from 'node:net';
import { userInfo } from 'node:os';
import type { Duplex } from 'node:stream';
import { ok } from '../core/result.ts';
import { quote } from '../host/quote.ts';
import { codeOf, fail, messageOf } from './failures.ts';
import type { ForwardTarget, Link, Pipe, PipeEnd } from './pipe.ts';

/** zx keeps all output of a process; a session lasts for the whole run and reads it itself. */
const nothing: (string | Buffer)[] = [];
nothing.push = () => 0;

/** This machine, through zx: each program in a process group of its own, so that it can be ended like a remote one. */
export async function openLocalLink(host: string): Promise<Link> {
  const { $ } = await import('zx/core');
  let closed = false;

  const start = $({
    shell: '/bin/sh',
    prefix: '',
    postfix: '',
    quote,
    detached: true,
    quiet: true,
    verbose: false,
    nothrow: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    store: { stdout: nothing, stderr: nothing, stdall: nothing },
  });

  return {
    user: userInfo().username,
    exec: async (command) => {
      const process = start`eval ${command}`;
      const { child } = process;
      if (!child?.stdin || !child.stdout || !child.stderr) {
        return fail('internal-error', `Cannot start /bin/sh on "${host}"`);
      }
      const ended = process.then(
        (output): PipeEnd => ({
          ...(output.exitCode === null ? {} : { code: output.exitCode }),
          ...(output.signal === null ? {} : { signal: output.signal }),
        }),
        (): PipeEnd => ({}),
      );
      const pipe: Pipe = {
        stdin: child.stdin,
        stdout: child.stdout,
        stderr: child.stderr,
        ended,
        destroy: () => {
          child.stdin?.destroy();
          child.stdout?.destroy();
          child.stderr?.destroy();
        },
      };
      return ok(pipe);
    },
    forward: async (to) => openSocket(host, to),
    lost: () => (closed ? 'it was closed' : undefined),
    close: async () => {
      closed = true;
    },
  };
}

async function openSocket(host: string, to: ForwardTarget) {
  const socket = 'socket' in to ? connect(to.socket) : connect(to.port, to.host);
  return new Promise<ReturnType<typeof fail> | { readonly ok: true; readonly value: Duplex }>((resolve) => {
    socket.once('connect', () => resolve(ok(socket)));
    socket.once('error', (error) => {
      const what = 'socket' in to ? `"${to.socket}"` : `${to.host}:${to.port}`;
      resolve(
        fail('unreachable', `Cannot reach ${what} from "${host}": ${codeOf(error) ?? messageOf(error)}`, {
          retry: 'transient',
        }),
      );
    });
  });
}
