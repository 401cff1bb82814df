/** One step from the old lines to the new ones. */
export interface Edit {
  readonly kind: 'same' | 'removed' | 'added';
  readonly line: string;
}

/** More edits than this are shown as one block removed and one added: nobody reads them one by one. */
const maxEdits = 1000;

/** The fewest lines removed and added that make `after` of `before` (Myers' greedy algorithm). */
export function lineEdits(before: readonly string[], after: readonly string[]): readonly Edit[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const same = (line: string): Edit => ({ kind: 'same', line });
  return [
    ...before.slice(0, head).map(same),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

function middle(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const trace = search(before, after);
  if (trace === undefined) {
    return [
      ...before.map((line): Edit => ({ kind: 'removed', line })),
      ...after.map((line): Edit => ({ kind: 'added', line })),
    ];
  }
  return walkBack(trace, before, after);
}

/** How far down the old lines each diagonal (old line minus new line) reaches. */
type Reach = ReadonlyMap<number, number>;

/** For each number of edits, how far each diagonal reaches; the last one reaches the end. */
function search(before: readonly string[], after: readonly string[]): readonly Reach[] | undefined {
  const trace: Reach[] = [];
  let reach: Reach = new Map([[1, 0]]);
  for (let edits = 0; edits <= Math.min(before.length + after.length, maxEdits); edits++) {
    const next = new Map<number, number>();
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = startOn(reach, diagonal, edits);
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      next.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return [...trace, reach];
    }
    trace.push(reach);
    reach = next;
  }
  return undefined;
}

/** With one edit more a diagonal is reached by a line added from the one above it, or by a line removed from the one below. */
function isAdded(reach: Reach, diagonal: number, edits: number): boolean {
  const above = reach.get(diagonal + 1) ?? -1;
  const below = reach.get(diagonal - 1) ?? -1;
  return diagonal === -edits || (diagonal !== edits && below < above);
}

function startOn(reach: Reach, diagonal: number, edits: number): number {
  return isAdded(reach, diagonal, edits) ? (reach.get(diagonal + 1) ?? 0) : (reach.get(diagonal - 1) ?? 0) + 1;
}

function walkBack(trace: readonly Reach[], before: readonly string[], after: readonly string[]): readonly Edit[] {
  const edits: Edit[] = [];
  let x = before.length;
  let y = after.length;
  for (let step = trace.length - 1; step >= 0; step--) {
    const reach = trace[step] ?? new Map();
    const diagonal = x - y;
    const begin = startOn(reach, diagonal, step);
    for (; x > begin && y > begin - diagonal; x--, y--) edits.push({ kind: 'same', line: before[x - 1] ?? '' });
    if (step === 0) break;
    if (isAdded(reach, diagonal, step)) {
      edits.push({ kind: 'added', line: after[y - 1] ?? '' });
      y -= 1;
    } else {
      edits.push({ kind: 'removed', line: before[x - 1] ?? '' });
      x -= 1;
    }
  }
  return edits.reverse();
}
