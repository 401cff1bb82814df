/**
 * The common 30-task play on 8 lab hosts: hlb cold and warm beside the floor, which is 8 parallel `ssh host sh < script`
 * doing the same work. Run by `npm run bench`, as root.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labFor, type TestLab } from '../test/rig/lab.ts';

const root = '/opt/bench';
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
const backends = numbers(3).map((index) => ({ name: `cp${index + 1}`, address: `192.0.2.${index + 11}` }));

export interface Figures {
  readonly floorMs: number;
  readonly coldMs: number;
  readonly warmMs: number;
}

/** 6 directories, 8 templates, 3 drop-ins, 4 copies of 4 KiB, 2 line edits, a link, a user, 5 commands. */
function writePlay(dir: string): void {
  mkdirSync(join(dir, 'files'));
  mkdirSync(join(dir, 'templates'));
  for (const index of numbers(4)) writeFileSync(join(dir, 'files', `blob${index}.txt`), blob(index));
  for (const index of numbers(8)) {
    writeFileSync(
      join(dir, 'templates', `app${index}.conf.j2`),
      `# app ${index} on {{ node_name }}\nlisten {{ port }}\n{% for b in backends %}server {{ b.name }} {{ b.address }}:6443 check\n{% endfor %}\n`,
    );
  }
  const tasks = [
    ...numbers(6).map((i) => ({ file: { path: `${root}/d${i}`, state: 'directory', mode: '0755' } })),
    ...numbers(8).map((i) => ({
      template: { src: `templates/app${i}.conf.j2`, dest: `${root}/d${i % 6}/app${i}.conf`, mode: '0644' },
    })),
    ...numbers(3).map((i) => ({
      copy: { dest: `${root}/d0/2${i}-unit.conf`, mode: '0644', content: `[Service]\nEnvironment=A=${i}\n` },
    })),
    ...numbers(4).map((i) => ({ copy: { src: `files/blob${i}.txt`, dest: `${root}/d1/blob${i}.txt`, mode: '0644' } })),
    ...numbers(2).map((i) => ({
      lineinfile: { path: `${root}/d2/hosts`, line: `192.0.2.${i} cp${i}`, create: true, mode: '0644' },
    })),
    { file: { src: `${root}/d0`, dest: `${root}/current`, state: 'link' } },
    { user: { name: 'benchuser', shell: '/bin/sh', create_home: false } },
    ...numbers(5).map(() => ({ command: { cmd: '/bin/true' }, changed_when: false })),
  ].map((task, index) => ({ name: `task ${index}`, ...task }));
  const vars = { port: 16443, node_name: '{{ inventory_hostname }}', backends };
  writeFileSync(join(dir, 'bench.yml'), JSON.stringify([{ hosts: 'all', gather_facts: false, vars, tasks }]));
}

function blob(index: number): string {
  return `${`${String(index).padStart(4, '0')} `.repeat(819)}\n`;
}

/** The same work as a person would write it for one host. */
function floorScript(): string {
  const put = (path: string, text: string): string => `cat > ${path} <<'END'\n${text}END\nchmod 0644 ${path}`;
  const servers = backends.map(({ name, address }) => `server ${name} ${address}:6443 check\n`).join('');
  return [
    'set -e',
    ...numbers(6).map((i) => `mkdir -p ${root}/d${i}; chmod 0755 ${root}/d${i}`),
    ...numbers(8).map((i) => put(`${root}/d${i % 6}/app${i}.conf`, `# app ${i} on host\nlisten 16443\n${servers}\n`)),
    ...numbers(3).map((i) => put(`${root}/d0/2${i}-unit.conf`, `[Service]\nEnvironment=A=${i}\n`)),
    ...numbers(4).map((i) => put(`${root}/d1/blob${i}.txt`, blob(i))),
    `touch ${root}/d2/hosts; chmod 0644 ${root}/d2/hosts`,
    ...numbers(2).map(
      (i) => `grep -qxF '192.0.2.${i} cp${i}' ${root}/d2/hosts || echo '192.0.2.${i} cp${i}' >> ${root}/d2/hosts`,
    ),
    `ln -sfn ${root}/d0 ${root}/current`,
    'id benchuser >/dev/null 2>&1 || useradd -M -s /bin/sh benchuser',
    ...numbers(5).map(() => '/bin/true'),
  ].join('\n');
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function run(argv: readonly [string, ...string[]], input = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const [program, ...args] = argv;
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (bytes: Buffer) => {
      stderr += bytes.toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}: ${stderr}`)),
    );
    child.stdin.end(input);
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function clean(lab: TestLab): Promise<void> {
  await Promise.all(lab.hosts.map((host) => lab.sh(host.name, `rm -rf ${root}; userdel benchuser 2>/dev/null; :`)));
}

/** Floor, cold and warm by turns, so that a busy moment hits all three. */
export async function measure(rounds: number): Promise<Figures> {
  const lab = await labFor('bench', { shape: { controlPlanes: 3, workers: 5 } });
  const dir = mkdtempSync(join(tmpdir(), 'hlb-bench-'));
  writePlay(dir);
  const hlb = join(import.meta.dirname, '..', 'bin', 'hlb.js');
  const play = () =>
    run([process.execPath, hlb, 'play', join(dir, 'bench.yml'), '-i', lab.inventory, '--view', 'lines', '-f', '8']);
  const labDir = join('/var/lib/hlb/labs/bench');
  const script = floorScript();
  const options = [
    '-i',
    join(labDir, 'id_ed25519'),
    '-o',
    `UserKnownHostsFile=${join(labDir, 'known_hosts')}`,
    '-o',
    'ControlPath=none',
  ];
  const floor = () =>
    Promise.all(lab.hosts.map((host) => run(['ssh', ...options, `root@${host.address}`, 'sh'], script)));
  const figures: { floorMs: number[]; coldMs: number[]; warmMs: number[] } = { floorMs: [], coldMs: [], warmMs: [] };
  try {
    await play();
    for (let round = 0; round < rounds; round += 1) {
      await clean(lab);
      figures.floorMs.push(await timed(floor));
      await clean(lab);
      figures.coldMs.push(await timed(play));
      figures.warmMs.push(await timed(play));
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
    // Eight idle hosts would slow down whatever runs next.
    await lab.down();
  }
  return { floorMs: median(figures.floorMs), coldMs: median(figures.coldMs), warmMs: median(figures.warmMs) };
}

export function table({ floorMs, coldMs, warmMs }: Figures): string {
  const row = (what: string, ms: number): string =>
    `${what.padEnd(34)} ${(ms / 1000).toFixed(2)} s   ${(ms / floorMs).toFixed(2)} x`;
  return [row('floor: 8 x ssh host sh < script', floorMs), row('hlb, cold', coldMs), row('hlb, warm', warmMs)].join(
    '\n',
  );
}
