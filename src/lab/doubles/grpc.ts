import { connect, constants } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { type Packed, type Unpacked, unpack } from './protobuf.ts';

/** A call that the other side refused: its text is what crictl and kubelet would print. */
export class RpcError extends Error {
  /** 4 is "deadline exceeded", 5 "not found", 14 "unavailable". */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const statusNames: Readonly<Record<number, string>> = {
  2: 'Unknown',
  3: 'InvalidArgument',
  4: 'DeadlineExceeded',
  5: 'NotFound',
  6: 'AlreadyExists',
  9: 'FailedPrecondition',
  12: 'Unimplemented',
  13: 'Internal',
  14: 'Unavailable',
};

/** As Go prints the error of a call. */
export function rpcErrorText(error: RpcError): string {
  return `rpc error: code = ${statusNames[error.status] ?? error.status} desc = ${error.message}`;
}

/** One connection to a gRPC server on a Unix socket, unary calls only. */
export interface GrpcClient {
  readonly call: (method: string, fields: readonly Packed[], timeoutMs?: number) => Promise<Unpacked>;
  readonly close: () => void;
}

export function grpcClient(socketPath: string): GrpcClient {
  const session = connect('http://localhost', { createConnection: () => connectSocket(socketPath) });
  let broken: RpcError | undefined;
  session.on('error', (error: Error) => {
    broken = new RpcError(
      14,
      `connection error: desc = "transport: Error while dialing: dial unix ${socketPath}: ${error.message}"`,
    );
  });
  session.on('close', () => {
    broken ??= new RpcError(14, 'connection closed');
  });
  return {
    call: (method, fields, timeoutMs = 120_000) =>
      new Promise((resolve, reject) => {
        if (broken !== undefined) {
          reject(broken);
          return;
        }
        const stream = session.request({
          [constants.HTTP2_HEADER_METHOD]: 'POST',
          [constants.HTTP2_HEADER_PATH]: method,
          [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
          [constants.HTTP2_HEADER_TE]: 'trailers',
        });
        const chunks: Buffer[] = [];
        let status: number | undefined;
        let message = '';
        const note = (headers: Readonly<Record<string, unknown>>): void => {
          if (headers['grpc-status'] === undefined) return;
          status = Number(headers['grpc-status']);
          const said = headers['grpc-message'];
          message = typeof said === 'string' ? decodeURIComponent(said) : '';
        };
        stream.setTimeout(timeoutMs, () => {
          status = 4;
          message = 'context deadline exceeded';
          stream.close();
        });
        stream.on('response', note);
        stream.on('trailers', note);
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('error', () => undefined);
        stream.on('close', () => {
          if (status === 0) resolve(unpack(Buffer.concat(chunks).subarray(5)));
          else
            reject(
              status === undefined ? (broken ?? new RpcError(14, 'connection closed')) : new RpcError(status, message),
            );
        });
        const body = Buffer.concat(fields);
        const head = Buffer.alloc(5);
        head.writeUInt32BE(body.length, 1);
        stream.end(Buffer.concat([head, body]));
      }),
    close: () => session.close(),
  };
}
