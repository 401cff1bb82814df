import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SshAgent extends AsyncDisposable {
  readonly socket: string;
  readonly add: (keyFile: string) => void;
}

/** An ssh-agent of the test's own. */
export async function startAgent(): Promise<SshAgent> {
  const dir = mkdtempSync(join(tmpdir(), 'hlb-agent-'));
  const socket = join(dir, 'agent');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  for (let attempt = 0; !existsSync(socket) && attempt < 100; attempt += 1) await sleep(20);
  return {
    socket,
    add: (keyFile) => {
      execFileSync('ssh-add', ['-q', keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'pipe' });
    },
    [Symbol.asyncDispose]: async () => {
      agent.kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
