import { equal } from './compare.ts';
import { fail } from './failure.ts';
import { type Callable, type LoopState, or, tuple, type Val } from './value.ts';

/** What `loop.name` is inside a `{% for %}`; absent for a name that is none. */
export function loopField(loop: LoopState, name: string): Val | undefined {
  const { index, items } = loop;
  switch (name) {
    case 'index':
      return BigInt(index + 1);
    case 'index0':
      return BigInt(index);
    case 'revindex':
      return BigInt(items.length - index);
    case 'revindex0':
      return BigInt(items.length - index - 1);
    case 'first':
      return index === 0;
    case 'last':
      return index === items.length - 1;
    case 'length':
      return BigInt(items.length);
    case 'depth':
      return BigInt(loop.depth + 1);
    case 'depth0':
      return BigInt(loop.depth);
    case 'previtem':
      return items[index - 1];
    case 'nextitem':
      return items[index + 1];
    case 'cycle':
      return method('cycle', (args) => or(args[index % args.length], () => fail('type', 'No items for cycling given')));
    case 'changed':
      return method('changed', (args) => changed(loop, args));
    default:
      return undefined;
  }
}

function method(name: string, run: (args: readonly Val[]) => Val): Callable {
  return { kind: 'callable', name, type: 'method', takesUndefined: false, call: run };
}

/** Whether the arguments differ from those of the last round that asked. */
function changed(loop: LoopState, args: readonly Val[]): boolean {
  const now = tuple(args);
  const before = loop.changed;
  loop.changed = now;
  return before === undefined || !equal(before, now);
}
