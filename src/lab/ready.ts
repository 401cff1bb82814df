import { existsSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { leaderOf } from './host.ts';
import { runInside } from './nsenter.ts';
import type { LabFiles } from './places.ts';
import { problem } from './problem.ts';
import { isAlive, type ProcessId } from './processes.ts';
import type { LabHost } from './shape.ts';

/** A host that boots takes 2 to 4 s on an idle machine; ten of them on two busy cores were seen to take 30 s. */
const bootTimeoutMs = 120_000;

/** Whether an ssh server greets at an address. */
export function sshAnswers(address: string, port = 22, timeoutMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: address, port, timeout: timeoutMs });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', (data) => end(data.toString('latin1').startsWith('SSH-')));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}

/** What systemd says of the whole host: `running`, `degraded`, `starting` …; `stopped` without a first process. */
export async function systemState(files: LabFiles, host: string): Promise<string> {
  const leader = leaderOf(files, host);
  if (leader === undefined) return 'stopped';
  const asked = await runInside(leader, ['systemctl', 'is-system-running'], { timeoutMs: 10_000 });
  const said = asked.stdout.trim();
  return said === '' ? 'starting' : said;
}

/** Waits until a host has booted and its sshd answers. */
export async function waitForHost(files: LabFiles, host: LabHost, supervisor: ProcessId): Promise<void> {
  const deadline = Date.now() + bootTimeoutMs;
  let state = 'stopped';
  while (Date.now() < deadline) {
    if (await sshAnswers(host.address)) {
      state = await systemState(files, host.name);
      if (state === 'running' || state === 'degraded') return;
    }
    if (!isAlive(supervisor)) throw notBooted(files, host, 'its systemd-nspawn ended');
    await sleep(100);
  }
  throw notBooted(files, host, `after ${bootTimeoutMs / 1000} s systemd says "${state}"`);
}

function notBooted(files: LabFiles, host: LabHost, why: string): Error {
  const { console } = files.host(host.name);
  const said = existsSync(console) ? readFileSync(console, 'utf8').trim().split('\n').slice(-10).join('\n') : '';
  return problem(
    'lab/host-did-not-boot',
    `Expected the lab host "${host.name}" to boot and answer on ${host.address}:22, but ${why}${said === '' ? '' : `: ${said}`}`,
    `The whole console is in "${console}"`,
  );
}
