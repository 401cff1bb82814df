import type { Clock, Random } from '../core/clock.ts';

/** Asks the person at the terminal; `undefined` where there is none or nothing was answered. One question at a time. */
export type Prompt = (question: { readonly text: string; readonly echo: boolean }) => Promise<string | undefined>;

export interface TransportOptions {
  readonly clock: Clock;
  /** For the jitter of retries. */
  readonly random: Random;
  readonly onWarning: (message: string) => void;
  readonly prompt?: Prompt;
  readonly env?: NodeJS.ProcessEnv;
  /** Names this run across processes: a resumed run with the same id first ends or outwaits the shells that it left on its hosts. */
  readonly runId?: string;
  /** How often a connection that was dropped before its handshake is tried. @default 12 */
  readonly connectAttempts?: number;
  /** How long sudo, su or doas may take to answer. @default 30000 */
  readonly becomeTimeoutMs?: number;
  /** How often the host is asked whether it is still there; three times without an answer it is not. @default 10000 */
  readonly keepaliveMs?: number;
  /** How long a step of a shell that was lost may still take before it is ended. @default 10000 */
  readonly graceMs?: number;
  /** How long a lost connection is tried again while a detached step runs. @default 60000 */
  readonly reconnectMs?: number;
}
