import { unreachable } from '../../../core/result.ts';
import type { Assertion, Matcher, Node, Pattern } from './tree.ts';
import { widthOf } from './tree.ts';

/** One step of a compiled pattern. */
export type Step =
  | { readonly op: 'one'; readonly matches: Matcher }
  | {
      readonly op: 'run';
      readonly matches: Matcher;
      readonly min: number;
      readonly max: number;
      readonly mode: 'greedy' | 'lazy' | 'possessive';
    }
  /** Go on at `first`; when that fails, at `second`. */
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  /** Note the position in a register. */
  | { readonly op: 'save'; readonly register: number }
  /** Forget a register. */
  | { readonly op: 'reset'; readonly register: number; readonly value: number }
  | {
      readonly op: 'loop';
      readonly count: number;
      readonly start: number;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
      exit: number;
    }
  | { readonly op: 'assert'; readonly holds: Assertion }
  | { readonly op: 'reference'; readonly group: number; readonly ignoreCase: boolean }
  | { readonly op: 'when'; readonly group: number; otherwise: number }
  /** Runs the steps up to the next `done` apart; `after` is where they end. */
  | {
      readonly op: 'apart';
      readonly kind: 'atomic' | 'look';
      readonly negative: boolean;
      readonly back: number;
      after: number;
    }
  | { readonly op: 'done' };

export interface Program {
  readonly pattern: Pattern;
  readonly steps: readonly Step[];
  /** Two for each group and one for the whole, then those of loops. */
  readonly registers: number;
  /** What every match begins with, where that is one code point. */
  readonly first: number | undefined;
}

export function compileProgram(pattern: Pattern): Program {
  const steps: Step[] = [];
  let registers = (pattern.groups + 1) * 2;
  emit(pattern.root);
  steps.push({ op: 'done' });
  return { pattern, steps, registers, first: firstOf(pattern.root) };

  function emit(node: Node): void {
    switch (node.type) {
      case 'empty':
        return;
      case 'one':
        steps.push({ op: 'one', matches: node.matches });
        return;
      case 'sequence':
        node.items.forEach(emit);
        return;
      case 'choice':
        return emitChoice(node.options);
      case 'repeat':
        return emitRepeat(node);
      case 'group':
        steps.push({ op: 'save', register: node.index * 2 });
        emit(node.item);
        steps.push({ op: 'save', register: node.index * 2 + 1 });
        return;
      case 'atomic':
        return emitApart('atomic', node.item, false, 0);
      case 'look':
        return emitApart('look', node.item, node.negative, node.ahead ? 0 : (widthOf(node.item) ?? 0));
      case 'assert':
        steps.push({ op: 'assert', holds: node.holds });
        return;
      case 'reference':
        steps.push({ op: 'reference', group: node.group, ignoreCase: node.ignoreCase });
        return;
      case 'conditional': {
        const when = add({ op: 'when', group: node.group, otherwise: 0 });
        emit(node.yes);
        const jump = add({ op: 'jump', to: 0 });
        when.otherwise = steps.length;
        emit(node.no);
        jump.to = steps.length;
      }
    }
  }

  function add<T extends Step>(step: T): T {
    steps.push(step);
    return step;
  }

  function emitChoice(options: readonly Node[]): void {
    const jumps: { to: number }[] = [];
    for (const [at, option] of options.entries()) {
      if (at === options.length - 1) {
        emit(option);
        break;
      }
      const split = add({ op: 'split', first: steps.length + 1, second: 0 });
      emit(option);
      jumps.push(add({ op: 'jump', to: 0 }));
      split.second = steps.length;
    }
    for (const jump of jumps) jump.to = steps.length;
  }

  function emitRepeat({ item, min, max, mode }: Extract<Node, { type: 'repeat' }>): void {
    if (item.type === 'one') {
      steps.push({ op: 'run', matches: item.matches, min, max, mode });
      return;
    }
    if (mode === 'possessive') return emitApart('atomic', { type: 'repeat', item, min, max, mode: 'greedy' }, false, 0);
    const count = registers++;
    const start = registers++;
    steps.push({ op: 'reset', register: count, value: 0 }, { op: 'reset', register: start, value: -1 });
    const head = steps.length;
    const loop = add({ op: 'loop', count, start, min, max, lazy: mode === 'lazy', exit: 0 });
    emit(item);
    steps.push({ op: 'jump', to: head });
    loop.exit = steps.length;
  }

  function emitApart(kind: 'atomic' | 'look', item: Node, negative: boolean, back: number): void {
    const apart = add({ op: 'apart', kind, negative, back, after: 0 });
    emit(item);
    steps.push({ op: 'done' });
    apart.after = steps.length;
  }
}

function firstOf(node: Node): number | undefined {
  switch (node.type) {
    case 'one':
      return node.literal;
    case 'group':
    case 'atomic':
      return firstOf(node.item);
    case 'repeat':
      return node.min > 0 ? firstOf(node.item) : undefined;
    case 'sequence': {
      const [first] = node.items;
      return first && firstOf(first);
    }
    case 'empty':
    case 'choice':
    case 'look':
    case 'assert':
    case 'reference':
    case 'conditional':
      return undefined;
    default:
      return unreachable(node);
  }
}
