// Runs all suites. Tests on lab hosts mostly wait for these, so the other suites compute meanwhile, with what processors
// the hosts leave them; behind both, alone, comes what is measured. `--results DIR` leaves each run's result there, in
// the form of vitest's reporter "json".
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { results: { type: 'string' } } });
const vitest = join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs');

/** @param {string} name @param {readonly string[]} projects @param {readonly string[]} before what starts the program */
function run(name, projects, before = []) {
  const { results } = values;
  const json = results === undefined ? [] : ['--reporter=json', `--outputFile.json=${join(results, `${name}.json`)}`];
  const words = [process.execPath, vitest, 'run', ...projects.map((one) => `--project=${one}`), '--reporter=default'];
  const [program = '', ...args] = [...before, ...words, ...json];
  const colors = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...colors } });
  // Whole lines, since two runs write at once.
  createInterface({ input: child.stdout }).on('line', (line) => process.stdout.write(`${line}\n`));
  createInterface({ input: child.stderr }).on('line', (line) => process.stderr.write(`${line}\n`));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

const codes = await Promise.all([
  run('lab', ['lab']),
  run('rest', ['cli', 'oracle', 'property', 'ssh', 'unit'], ['nice', '-n', '10']),
]);
codes.push(await run('measured', ['measured']));
process.exitCode = Math.max(...codes);
