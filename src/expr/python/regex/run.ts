import { unreachable } from '../../../core/result.ts';
import { fail } from '../../runtime/failure.ts';
import { foldCase } from './classes.ts';
import type { Program, Step } from './program.ts';

/** Steps that one search may take; patterns that backtrack without end stop here. */
const STEPS = 20_000_000;

/** Kinds of what is tried again later. */
const RESUME = 0;
const SHORTER = 1;
const LONGER = 2;
const ENTRY = 5;

/** Where the groups of a match begin and end, the whole first; `-1` for a group that took no part. */
export type Captures = Int32Array;

/** A matcher over one text, given as code points. */
export function machine(
  program: Program,
  text: Uint32Array | Uint16Array,
): {
  readonly search: (from: number, mode: 'search' | 'match' | 'full', advance?: boolean) => Captures | undefined;
  readonly spent: () => number;
} {
  const { steps, registers: size, first, pattern } = program;
  const registers = new Int32Array(size);
  /** Registers as they were before they were written, to be put back. */
  const trail: number[] = [];
  const stack: number[] = [];
  let left = STEPS;
  /** Where the text is after the last step. */
  let position = 0;

  return { search, spent: () => STEPS - left };

  /** `advance`: a match right at the start must not be empty, as behind one that was. */
  function search(from: number, mode: 'search' | 'match' | 'full', advance = false): Captures | undefined {
    for (let start = from; start <= text.length; start++) {
      if (mode === 'search' && first !== undefined) {
        const next = text.indexOf(first, start);
        if (next === -1) return undefined;
        start = next;
      }
      registers.fill(-1);
      trail.length = 0;
      stack.length = 0;
      const end = run(0, start, mode === 'full', advance && start === from);
      if (end !== -1) {
        const captures = registers.slice(0, (pattern.groups + 1) * 2);
        captures[0] = start;
        captures[1] = end;
        return captures;
      }
      if (mode !== 'search') return undefined;
    }
    return undefined;
  }

  function write(register: number, value: number): void {
    trail.push(register, registers[register] ?? -1);
    registers[register] = value;
  }

  function undo(to: number): void {
    while (trail.length > to) {
      const value = trail.pop() ?? -1;
      registers[trail.pop() ?? 0] = value;
    }
  }

  function push(kind: number, pc: number, at: number, bound: number): void {
    stack.push(kind, pc, at, bound, trail.length);
  }

  /** Runs from a step up to `done`; gives where the text was left, or -1. */
  function run(startPc: number, startAt: number, full: boolean, advance: boolean): number {
    const base = stack.length;
    let pc = startPc;
    let at = startAt;
    for (;;) {
      if (--left < 0)
        fail(
          'fuel',
          `The pattern "${pattern.source}" takes too long on this text`,
          'Avoid repetitions inside repetitions, such as (a+)+',
        );
      const step = steps[pc];
      if (step === undefined || step.op === 'done') {
        if ((!full || at === text.length) && !(advance && at === startAt)) {
          stack.length = base;
          return at;
        }
        pc = -1;
      } else pc = take(step, pc, at);
      if (pc >= 0) {
        at = position;
        continue;
      }
      pc = retry(base);
      if (pc < 0) return -1;
      at = position;
    }
  }

  /** Takes one step; gives the next and leaves where the text is in `position`, or gives -1. */
  function take(step: Exclude<Step, { op: 'done' }>, pc: number, at: number): number {
    position = at;
    switch (step.op) {
      case 'one': {
        const code = text[at];
        if (code === undefined || !step.matches(code)) return -1;
        position = at + 1;
        return pc + 1;
      }
      case 'run':
        return takeRun(step, pc, at);
      case 'split':
        push(RESUME, step.second, at, 0);
        return step.first;
      case 'jump':
        return step.to;
      case 'save':
        write(step.register, at);
        return pc + 1;
      case 'reset':
        write(step.register, step.value);
        return pc + 1;
      case 'loop':
        return takeLoop(step, pc, at);
      case 'assert':
        return step.holds(text[at - 1] ?? -1, text[at] ?? -1, at, text.length) ? pc + 1 : -1;
      case 'reference':
        return takeReference(step, pc, at);
      case 'when':
        return (registers[step.group * 2 + 1] ?? -1) >= 0 ? pc + 1 : step.otherwise;
      case 'apart':
        return takeApart(step, pc, at);
      default:
        return unreachable(step);
    }
  }

  function takeRun(step: Extract<Step, { op: 'run' }>, pc: number, at: number): number {
    const most = step.mode === 'lazy' ? step.min : step.max;
    const limit = Math.min(text.length, at + most);
    let end = at;
    while (end < limit && step.matches(text[end] ?? 0)) end++;
    left -= end - at;
    if (end - at < step.min) return -1;
    if (step.mode === 'greedy' && end > at + step.min) push(SHORTER, pc + 1, end - 1, at + step.min);
    if (step.mode === 'lazy' && step.max > step.min) push(LONGER, pc, end, at + step.max);
    position = end;
    return pc + 1;
  }

  function takeLoop(step: Extract<Step, { op: 'loop' }>, pc: number, at: number): number {
    const count = registers[step.count] ?? 0;
    if (count >= step.min && (count >= step.max || registers[step.start] === at)) return step.exit;
    if (count < step.min || !step.lazy) {
      if (count >= step.min) push(RESUME, step.exit, at, 0);
      write(step.count, count + 1);
      write(step.start, at);
      return pc + 1;
    }
    push(LONGER, pc, at, -1);
    return step.exit;
  }

  function takeReference(step: Extract<Step, { op: 'reference' }>, pc: number, at: number): number {
    const from = registers[step.group * 2] ?? -1;
    const to = registers[step.group * 2 + 1] ?? -1;
    if (to < 0) return -1;
    for (let offset = 0; offset < to - from; offset++) {
      const [a, b] = [text[from + offset] ?? -1, text[at + offset] ?? -2];
      if (a !== b && !(step.ignoreCase && b >= 0 && foldCase(a) === foldCase(b))) return -1;
    }
    position = at + to - from;
    return pc + 1;
  }

  function takeApart(step: Extract<Step, { op: 'apart' }>, pc: number, at: number): number {
    const mark = trail.length;
    const end = at < step.back ? -1 : run(pc + 1, at - step.back, false, false);
    const found = end !== -1 && (step.back === 0 || end === at);
    if (found === step.negative) return -1;
    if (step.negative) undo(mark);
    position = step.kind === 'atomic' ? end : at;
    return step.after;
  }

  /** The last thing left to try, above the base of this run; -1 when there is none. */
  function retry(base: number): number {
    while (stack.length > base) {
      const top = stack.length - ENTRY;
      const kind = stack[top] ?? 0;
      const pc = stack[top + 1] ?? 0;
      const at = stack[top + 2] ?? 0;
      const bound = stack[top + 3] ?? 0;
      const mark = stack[top + 4] ?? 0;
      stack.length = top;
      undo(mark);
      position = at;
      if (kind === RESUME) return pc;
      if (kind === SHORTER) {
        if (at > bound) push(SHORTER, pc, at - 1, bound);
        return pc;
      }
      const next = longer(pc, at, bound);
      if (next >= 0) return next;
    }
    return -1;
  }

  function longer(pc: number, at: number, bound: number): number {
    const step = steps[pc];
    if (step?.op === 'loop') {
      write(step.count, (registers[step.count] ?? 0) + 1);
      write(step.start, at);
      return pc + 1;
    }
    const code = text[at];
    if (step?.op !== 'run' || at >= bound || code === undefined || !step.matches(code)) return -1;
    push(LONGER, pc, at + 1, bound);
    position = at + 1;
    return pc + 1;
  }
}
