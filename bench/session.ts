/**
 * What a session costs, side by side with `ssh host sh <script`, against one sshd on the loopback; prints a table.
 * Numbers are medians. The script's tasks fork as the steps do, so that the difference is connecting and framing.
 */
import { spawn } from 'node:child_process';
import type { Connection, Session } from '../src/host/session.ts';
import { createTransport } from '../src/transport/transport.ts';
import { realClock } from '../test/rig/clock.ts';
import { noSshd, type Sshd, startSshd } from '../test/rig/sshd.ts';

const rounds = 7;
const hosts = 8;
const tasks = 30;
/** What a task of a cold run is like: look at a file, write it if it differs. */
const script = (index: number): string =>
  `f=/tmp/hlb-bench-$$-${index}; [ -e "$f" ] || { printf '%s\\n' 'listen 16443' >"$f.new" && mv "$f.new" "$f"; }; stat -c %a "$f"; rm -f "$f"`;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function timed(run: () => Promise<void>): Promise<{ readonly ms: number; readonly cpuMs: number }> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  await run();
  const used = process.cpuUsage(cpu);
  return { ms: performance.now() - began, cpuMs: (used.user + used.system) / 1000 };
}

async function connected(sshd: Sshd): Promise<{ readonly connection: Connection; readonly session: Session }> {
  const transport = createTransport({ clock: realClock, random: Math.random, onWarning: () => undefined, env: {} });
  return connectBy(transport, sshd);
}

async function connectBy(transport: ReturnType<typeof createTransport>, sshd: Sshd) {
  const connection = await transport.connect(sshd.target(), new AbortController().signal);
  if (!connection.ok) throw new Error(connection.error.message);
  const session = await connection.value.session();
  if (!session.ok) throw new Error(session.error.message);
  return { connection: connection.value, session: session.value };
}

async function run(session: Session, scripts: readonly string[]): Promise<void> {
  const result = await session.run(scripts.map((text) => ({ script: text, fatal: true })));
  if (!result.ok) throw new Error(result.error.message);
  if (result.value.some((one) => one.status !== 'done' || one.code !== 0)) throw new Error('A step failed');
}

function ssh(sshd: Sshd, input: string): Promise<void> {
  const child = spawn(
    'ssh',
    [
      '-F',
      '/dev/null',
      '-p',
      String(sshd.port),
      '-l',
      sshd.user,
      '-i',
      sshd.keyFile,
      '-o',
      `UserKnownHostsFile=${sshd.knownHosts}`,
      '127.0.0.1',
      'sh',
    ],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  );
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`ssh ended with ${code}`))));
  });
}

async function measure(): Promise<void> {
  await using sshd = await startSshd({ config: ['MaxStartups 100'] });
  const rows: [string, string][] = [];
  const row = (what: string, ms: number, unit = 'ms'): void => {
    rows.push([what, `${ms.toFixed(2)} ${unit}`]);
  };

  const connects: number[] = [];
  const firsts: number[] = [];
  for (let round = 0; round < rounds * 2; round += 1) {
    let rig: { readonly connection: Connection; readonly session: Session } | undefined;
    connects.push((await timed(async () => void (rig = await connected(sshd)))).ms);
    if (rig === undefined) continue;
    const { session, connection } = rig;
    firsts.push((await timed(() => run(session, [':']))).ms);
    await connection.close();
  }
  row('connect and log in', median(connects));
  row('first run (opens the shell)', median(firsts));

  const { session, connection } = await connected(sshd);
  const many = Array.from({ length: 500 }, () => ':');
  const steps = [];
  for (let round = 0; round < rounds; round += 1) steps.push((await timed(() => run(session, many))).ms / many.length);
  row('a step, 500 pipelined', median(steps));
  const single = [];
  for (let round = 0; round < 100; round += 1) single.push((await timed(() => run(session, [':']))).ms);
  row('a run of one step', median(single));
  const big = await timed(() => run(session, ['head -c 20000000 /dev/zero']));
  row('20 MB of output', big.ms);
  await connection.close();

  const scripts = Array.from({ length: tasks }, (_, index) => script(index));
  const ours: { readonly ms: number; readonly cpuMs: number }[] = [];
  const warm: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    floor.push(
      (
        await timed(
          async () =>
            void (await Promise.all(Array.from({ length: hosts }, () => ssh(sshd, `${scripts.join('\n')}\n`)))),
        )
      ).ms,
    );
    const transport = createTransport({ clock: realClock, random: Math.random, onWarning: () => undefined, env: {} });
    const open: Awaited<ReturnType<typeof connectBy>>[] = [];
    ours.push(
      await timed(async () => {
        await Promise.all(
          Array.from({ length: hosts }, async () => {
            const rig = await connectBy(transport, sshd);
            await run(rig.session, scripts);
            open.push(rig);
          }),
        );
      }),
    );
    warm.push((await timed(async () => void (await Promise.all(open.map((rig) => run(rig.session, scripts)))))).ms);
    await Promise.all(open.map((rig) => rig.connection.close()));
  }
  row(`${hosts} × ssh host sh <script of ${tasks} tasks`, median(floor));
  row(`${hosts} hosts × ${tasks} steps, connecting`, median(ours.map((one) => one.ms)));
  row('  of it CPU of this process', median(ours.map((one) => one.cpuMs)));
  row(`${hosts} hosts × ${tasks} steps, connected`, median(warm));
  row('  connecting, by the floor', median(ours.map((one) => one.ms)) / median(floor), '×');

  const width = Math.max(...rows.map(([what]) => what.length));
  for (const [what, value] of rows) process.stdout.write(`${what.padEnd(width)}  ${value.padStart(12)}\n`);
}

if (noSshd === undefined) await measure();
else process.stdout.write(`${noSshd}\n`);
