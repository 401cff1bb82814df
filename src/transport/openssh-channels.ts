import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { fail, lastLines, messageOf } from './failures.ts';
import type { Pipe, PipeEnd } from './pipe.ts';

/** Starts a client of the master. */
type StartClient = (args: readonly string[]) => ChildProcessWithoutNullStreams;

/** A client that runs a command on the host. */
export function pipeOf(child: ChildProcessWithoutNullStreams): Pipe {
  const ended = new Promise<PipeEnd>((resolve) => {
    child.once('error', () => resolve({}));
    child.once('close', (code, signal) =>
      resolve({ ...(code === null ? {} : { code }), ...(signal === null ? {} : { signal }) }),
    );
  });
  const { stdin, stdout, stderr } = child;
  return { stdin, stdout, stderr, ended, destroy: () => child.kill('SIGKILL') };
}

/** A client that is a stream to a port. Only its debug output tells that the other end was reached. */
export async function forwardPort(
  name: string,
  child: ChildProcessWithoutNullStreams,
  to: { readonly host: string; readonly port: number },
): Promise<Result<Duplex, Failure>> {
  return new Promise((resolve) => {
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-16_384);
      if (!stderr.includes('mux_client_request_stdio_fwd: master session id')) return;
      const stream = Duplex.from({ writable: child.stdin, readable: child.stdout });
      stream.once('close', () => child.kill());
      resolve(ok(stream));
    });
    const failed = (why: string): void =>
      resolve(fail('unreachable', `Cannot reach ${to.host}:${to.port} from "${name}": ${why}`, { retry: 'transient' }));
    child.once('error', (error) => failed(messageOf(error)));
    child.once('close', () => failed(lastLines(stderr, 1) ?? 'ssh ended'));
  });
}

/** ssh has no stream to a socket of the host, but it can listen here on one that leads there. */
export async function forwardSocket(
  name: string,
  start: StartClient,
  local: string,
  remote: string,
  address: string,
): Promise<Result<Duplex, Failure>> {
  const asked = start(['-O', 'forward', '-L', `${local}:${remote}`, '--', address]);
  let stderr = '';
  asked.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  asked.stdin.end();
  asked.stdout.resume();
  const { code } = await pipeOf(asked).ended;
  const failed = (why: string) =>
    fail('unreachable', `Cannot reach "${remote}" from "${name}": ${why}`, { retry: 'transient' });
  if (code !== 0) return failed(lastLines(stderr, 1) ?? 'ssh refused to forward');
  const socket = connect(local);
  return new Promise((resolve) => {
    socket.once('connect', () => {
      // The forwarding was for this one stream.
      start(['-O', 'cancel', '-L', `${local}:${remote}`, '--', address]).on('error', () => undefined);
      resolve(ok(socket));
    });
    socket.once('error', (error) => resolve(failed(messageOf(error))));
  });
}
