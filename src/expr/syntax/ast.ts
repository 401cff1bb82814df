/** Offsets in the text of the template. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export type Expr =
  | Const
  | Name
  | Sequence
  | DictLiteral
  | Attribute
  | Item
  | SliceOf
  | Call
  | FilterCall
  | TestCall
  | Unary
  | Binary
  | Logical
  | Comparison
  | Concat
  | Conditional;

interface Const extends Span {
  readonly kind: 'const';
  readonly value: null | boolean | bigint | number | string;
}
export interface Name extends Span {
  readonly kind: 'name';
  readonly name: string;
}
interface Sequence extends Span {
  readonly kind: 'list' | 'tuple';
  readonly items: readonly Expr[];
}
interface DictLiteral extends Span {
  readonly kind: 'dict';
  readonly entries: readonly { readonly key: Expr; readonly value: Expr }[];
}
/** `object.name`: an attribute or method first, an item where there is none. */
interface Attribute extends Span {
  readonly kind: 'attribute';
  readonly object: Expr;
  readonly name: string;
  readonly nameAt: Span;
}
/** `object[key]`: an item first. */
export interface Item extends Span {
  readonly kind: 'item';
  readonly object: Expr;
  readonly key: Expr;
}
interface SliceOf extends Span {
  readonly kind: 'slice';
  readonly object: Expr;
  readonly start?: Expr;
  readonly stop?: Expr;
  readonly step?: Expr;
}
export interface Arguments {
  readonly positional: readonly Expr[];
  readonly named: readonly { readonly name: string; readonly value: Expr; readonly at: Span }[];
  /** `*expression` */
  readonly spread?: Expr;
  /** `**expression` */
  readonly spreadNamed?: Expr;
}
export interface Call extends Span {
  readonly kind: 'call';
  readonly callee: Expr;
  readonly args: Arguments;
}
export interface FilterCall extends Span {
  readonly kind: 'filter';
  /** Absent at the head of a `{% filter %}` block: the block's text. */
  readonly input?: Expr;
  readonly name: string;
  readonly nameAt: Span;
  readonly args: Arguments;
}
export interface TestCall extends Span {
  readonly kind: 'test';
  readonly input: Expr;
  readonly name: string;
  readonly nameAt: Span;
  readonly args: Arguments;
  readonly negated: boolean;
}
export interface Unary extends Span {
  readonly kind: 'unary';
  readonly operator: '-' | '+' | 'not';
  readonly operand: Expr;
}
export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export interface Binary extends Span {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
}
interface Logical extends Span {
  readonly kind: 'logical';
  readonly operator: 'and' | 'or';
  readonly left: Expr;
  readonly right: Expr;
}
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';
/** `a < b < c`: every neighbour compared, each operand evaluated once. */
export interface Comparison extends Span {
  readonly kind: 'comparison';
  readonly first: Expr;
  readonly rest: readonly { readonly operator: CompareOperator; readonly operand: Expr }[];
}
interface Concat extends Span {
  readonly kind: 'concat';
  readonly parts: readonly Expr[];
}
export interface Conditional extends Span {
  readonly kind: 'conditional';
  readonly condition: Expr;
  readonly chosen: Expr;
  readonly otherwise?: Expr;
}

/** What `set`, `for` and `with` bind. */
export type Target =
  | (Span & { readonly kind: 'name'; readonly name: string })
  | (Span & { readonly kind: 'field'; readonly name: string; readonly field: string })
  | (Span & { readonly kind: 'tuple'; readonly items: readonly Target[] });

export type Statement =
  | (Span & { readonly kind: 'text'; readonly text: string })
  | (Span & { readonly kind: 'output'; readonly value: Expr })
  | (Span & { readonly kind: 'do'; readonly value: Expr })
  | If
  | For
  | (Span & { readonly kind: 'set'; readonly target: Target; readonly value: Expr })
  | (Span & { readonly kind: 'set-block'; readonly target: Target; readonly filter?: FilterCall; readonly body: Body })
  | (Span & {
      readonly kind: 'with';
      readonly bindings: readonly { readonly target: Target; readonly value: Expr }[];
      readonly body: Body;
    })
  | (Span & { readonly kind: 'filter-block'; readonly filter: FilterCall; readonly body: Body })
  | MacroDefinition
  | (Span & { readonly kind: 'call-block'; readonly call: Call; readonly caller: MacroDefinition })
  | (Span & {
      readonly kind: 'include';
      readonly path: Expr;
      readonly ignoreMissing: boolean;
      readonly withContext: boolean;
    })
  | (Span & { readonly kind: 'import'; readonly path: Expr; readonly name: string; readonly withContext: boolean })
  | (Span & {
      readonly kind: 'from-import';
      readonly path: Expr;
      readonly names: readonly { readonly name: string; readonly as: string }[];
      readonly withContext: boolean;
    })
  | (Span & { readonly kind: 'block'; readonly name: string; readonly body: Body });
export type Body = readonly Statement[];

export interface If extends Span {
  readonly kind: 'if';
  readonly branches: readonly { readonly condition: Expr; readonly body: Body }[];
  readonly otherwise: Body;
}
export interface For extends Span {
  readonly kind: 'for';
  readonly target: Target;
  readonly items: Expr;
  readonly condition?: Expr;
  readonly recursive: boolean;
  readonly body: Body;
  readonly otherwise: Body;
}
export interface MacroDefinition extends Span {
  readonly kind: 'macro';
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly fallback?: Expr }[];
  readonly body: Body;
}
