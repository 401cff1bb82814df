import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, Step } from './playbook-driver.ts';

/** Differs between two runs, or tells of the program's own inside alone. */
const volatile = new Set([
  'delta',
  'diff',
  'deprecations',
  'end',
  'exception',
  'invocation',
  'start',
  'warnings',
  'ansible_loop_var',
  'ansible_index_var',
  'atime',
  'ctime',
  'mtime',
  'inode',
  'elapsed',
  'ansible_job_id',
  'erased',
  'results_file',
  'failed_when_suppressed_exception',
]);

/** Their results are compared as a whole; those of other modules in what both tell, as test/oracle/modules does. */
const whole = new Set(['debug', 'set_fact']);

/** Their messages are the playbook's own words; those of other failures are each program's. */
const ownWords = new Set(['fail', 'assert']);

export interface Comparable {
  /** `play | task: host outcome`, hosts sorted within a task where order counts; each host's own where it does not. */
  readonly story: readonly string[];
  readonly results: Readonly<Record<string, unknown>>;
  readonly recap: Answer['recap'];
}

type Side = Answer & { readonly dir: string };

/** What of two answers must be equal: theirs, then ours. */
export function comparable(
  theirs: Side,
  ours: Side,
  { ordered }: { readonly ordered: boolean },
): readonly [Comparable, Comparable] {
  const [want, got] = [rows(theirs, ordered), rows(ours, ordered)];
  const pairs = want.map((row, index) => ({ name: `${index + 1} ${row.line}`, both: shared(row, got[index]) }));
  const side = (rowsOf: readonly Row[], which: 0 | 1, of: Side): Comparable => ({
    story: rowsOf.map(({ line }) => line),
    results: Object.fromEntries(pairs.map(({ name, both }) => [name, both[which]])),
    recap: recapOf(of),
  });
  return [side(want, 0, theirs), side(got, 1, ours)];
}

interface Row {
  readonly line: string;
  readonly step: Step;
  readonly result: unknown;
}

/** The hosts of one task sorted: which of them answers first is chance. */
export function inOrder(steps: readonly Step[]): readonly Step[] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last?.[0]?.id === step.id) last.push(step);
    else groups.push([step]);
  }
  return groups.flatMap((group) => group.toSorted((a, b) => (a.host < b.host ? -1 : 1)));
}

function rows({ steps, dir }: Side, ordered: boolean): readonly Row[] {
  const all = inOrder(steps);
  const sorted = ordered ? all : all.toSorted((a, b) => (a.host === b.host ? 0 : a.host < b.host ? -1 : 1));
  return sorted.map((step) => {
    const flag = step.ignored ? ' ignored' : '';
    const line = `${step.play} | ${step.task}: ${step.host} ${step.outcome}${flag}`.replaceAll(dir, 'DIR');
    return { line, step, result: toldOf(step, dir) };
  });
}

function toldOf({ kind, action, result }: Step, dir: string): unknown {
  if (kind === 'include' || action === 'meta') return {};
  // How often a job is asked for is a matter of time.
  const { attempts, ...rest } = result;
  return clean(action === 'async_status' ? rest : { ...rest, ...(attempts === undefined ? {} : { attempts }) }, dir);
}

/** What of two results is compared. Ansible's callbacks are not told that a task did not fail, nor whether it was skipped. */
function shared(mine: Row, other: Row | undefined): readonly [unknown, unknown] {
  if (other === undefined) return [mine.result, undefined];
  const [a, b] = [told(mine), told(other)];
  return whole.has(mine.step.action) && mine.step.outcome !== 'failed' ? [a, b] : [common(a, b), common(b, a)];
}

function told({ step, result }: Row): unknown {
  if (!isObject(result)) return result;
  const { msg, failed, skipped: _, ansible_facts: facts, ...all } = result;
  const rest = ownWords.has(step.action) ? all : withoutReasons(all);
  const speaks = (step.outcome !== 'failed' && step.outcome !== 'unreachable') || ownWords.has(step.action);
  // What is gathered is compared by its own suite.
  const own = whole.has(step.action) ? { ansible_facts: facts } : {};
  return { ...rest, ...own, ...(speaks ? { msg } : {}), ...(failed === true ? { failed } : {}) };
}

/** What single items of a loop say of their failures. */
function withoutReasons(result: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { results } = result;
  if (!Array.isArray(results)) return result;
  const items = results.map((one: unknown) =>
    isObject(one) && one['failed'] === true ? { ...one, msg: undefined } : one,
  );
  return { ...result, results: items };
}

function common(value: unknown, other: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(other)) return value.map((one, index) => common(one, other[index]));
  if (!isObject(value) || !isObject(other)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key in other)
      .map(([key, one]) => [key, common(one, other[key])]),
  );
}

function clean(value: unknown, dir: string): unknown {
  if (typeof value === 'string') return value.replaceAll(dir, 'DIR');
  if (Array.isArray(value)) {
    const all = value.map((one) => clean(one, dir));
    // The order of a directory's entries is the file system's.
    return all.every(hasPath) ? all.toSorted((a, b) => (a.path < b.path ? -1 : 1)) : all;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(
    ([key, one]) => !volatile.has(key) && !key.startsWith('_ansible_') && !isTemporary(one),
  );
  return Object.fromEntries(entries.map(([key, one]) => [key.replaceAll(dir, 'DIR'), clean(one, dir)]));
}

/** Ansible copies to a temporary folder first, and names that. */
function isTemporary(value: unknown): boolean {
  return typeof value === 'string' && value.includes('/.ansible/tmp/');
}

function hasPath(value: unknown): value is { readonly path: string } {
  return isObject(value) && typeof value['path'] === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const counts: Readonly<Record<string, readonly string[]>> = {
  // Ansible's word, then hlb's own.
  ok: ['ok'],
  changed: ['changed'],
  unreachable: ['unreachable'],
  failed: ['failures', 'failed'],
  skipped: ['skipped'],
  rescued: ['rescued'],
  ignored: ['ignored'],
};

/** Without hosts that nothing was done on: Ansible tells of them in some plays only. */
function recapOf({ recap }: Side): Answer['recap'] {
  const all = Object.entries(recap).map(([host, told]) => {
    const counted = Object.entries(counts).map(([name, keys]): [string, number] => [
      name,
      keys.map((key) => told[key]).find((count) => count !== undefined) ?? 0,
    ]);
    return { host, counted };
  });
  return Object.fromEntries(
    all
      .filter(({ counted }) => counted.some(([, count]) => count > 0))
      .map(({ host, counted }) => [host, Object.fromEntries(counted)]),
  );
}

/** How a run ended, in a word for both programs. */
export function exitClass({ code, error }: Answer): string {
  if (error !== null) return 'refused';
  return (
    new Map([
      [0, 'ok'],
      [2, 'failed'],
      [4, 'unreachable'],
    ]).get(code) ?? `exit code ${code}`
  );
}

/** All files of a case with their modes, but for what a program keeps for itself. */
export function filesOf(dir: string): unknown {
  const tree = (path: string): unknown => {
    const info = lstatSync(path);
    if (info.isSymbolicLink()) return { link: readlinkSync(path).replaceAll(dir, 'DIR') };
    const mode = (info.mode & 0o7777).toString(8);
    if (!info.isDirectory()) return { mode, text: readFileSync(path, 'utf8').replaceAll(dir, 'DIR') };
    const names = readdirSync(path).filter((name) => name !== '.hlb' && name !== '.ansible');
    return { mode, entries: Object.fromEntries(names.toSorted().map((name) => [name, tree(join(path, name))])) };
  };
  return tree(dir);
}
