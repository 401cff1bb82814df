import { unreachable } from '../../../core/result.ts';
/** Whether a code point is in a class. */
export type Matcher = (code: number) => boolean;

/** A pattern as read. */
export type Node =
  | { readonly type: 'empty' }
  /** One code point of a class. */
  | { readonly type: 'one'; readonly matches: Matcher; readonly literal?: number }
  | { readonly type: 'sequence'; readonly items: readonly Node[] }
  | { readonly type: 'choice'; readonly options: readonly Node[] }
  | {
      readonly type: 'repeat';
      readonly item: Node;
      readonly min: number;
      readonly max: number;
      readonly mode: 'greedy' | 'lazy' | 'possessive';
    }
  | { readonly type: 'group'; readonly index: number; readonly item: Node }
  | { readonly type: 'atomic'; readonly item: Node }
  | { readonly type: 'look'; readonly item: Node; readonly ahead: boolean; readonly negative: boolean }
  | { readonly type: 'assert'; readonly holds: Assertion }
  | { readonly type: 'reference'; readonly group: number; readonly ignoreCase: boolean }
  | { readonly type: 'conditional'; readonly group: number; readonly yes: Node; readonly no: Node };

/** Whether something holds between two code points; `-1` stands for the end of the text. */
export type Assertion = (before: number, after: number, at: number, length: number) => boolean;

export interface Pattern {
  readonly source: string;
  readonly root: Node;
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
}

export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

/** How many code points a node matches, where that is always the same. */
export function widthOf(node: Node): number | undefined {
  switch (node.type) {
    case 'empty':
    case 'look':
    case 'assert':
      return 0;
    case 'one':
      return 1;
    case 'sequence':
      return node.items
        .map(widthOf)
        .reduce((sum, width) => (sum === undefined || width === undefined ? undefined : sum + width), 0);
    case 'choice':
      return shared(node.options.map(widthOf));
    case 'conditional':
      return shared([widthOf(node.yes), widthOf(node.no)]);
    case 'repeat': {
      const width = widthOf(node.item);
      return width !== undefined && node.min === node.max ? width * node.min : undefined;
    }
    case 'group':
    case 'atomic':
      return widthOf(node.item);
    case 'reference':
      return undefined;
    default:
      return unreachable(node);
  }
}

function shared(widths: readonly (number | undefined)[]): number | undefined {
  const [first] = widths;
  return widths.every((width) => width === first) ? first : undefined;
}
