import type { Location } from '../../core/source.ts';
import type { Expression, Template } from '../api.ts';
import { assignedIn, changedIn } from '../check/scope.ts';
import { expressionsIn, partsOf, partsOfStatement, withParts } from '../check/walk.ts';
import { dictMethods } from '../methods/dict.ts';
import type { Body, Call, Expr, FilterCall, Statement } from '../syntax/ast.ts';
import { attributeOfFilter, indexText, namesAttribute } from './attribute.ts';
import { constantOf, mayBeConstant } from './constants.ts';
import { refusedInputs, refusesUse, typeOfFilter } from './filters.ts';
import { helpFor, refusal, refusesCompare, typeOfBinary, typeOfSigned } from './operators.ts';
import { attributeOf, followPath } from './path.ts';
import {
  boolean,
  elementOf,
  listOf,
  listWith,
  type Type,
  type TypeOfName,
  text,
  typeOfValue,
  unionOf,
  unknown,
} from './type.ts';

/** What no value of the types at hand can do. */
export interface TypeProblem {
  /** `field`: a filter names a field that no element has. */
  readonly kind: 'field' | 'type';
  readonly message: string;
  readonly help: string | undefined;
  readonly at: Location;
  /** It is evaluated only if a condition holds, a loop runs or a macro is called. */
  readonly conditional: boolean;
  /** Whose types it follows from. */
  readonly names: ReadonlySet<string>;
}

export interface Inference {
  readonly type: Type;
  readonly problems: readonly TypeProblem[];
}

/** Where an expression stands. */
interface Around {
  readonly conditional: boolean;
  /** Names that the conditions around ask about, so that their types may be others here. */
  readonly asked: ReadonlySet<string>;
}

interface Seen {
  readonly type: Type;
  /** It has no variables, and can be evaluated at the desk. */
  readonly isConstant: boolean;
}

/** The type of what a template or an expression gives, and what in it can never be evaluated. */
export function infer({ syntax, place }: Template | Expression, typeOfName: TypeOfName): Inference {
  const problems: TypeProblem[] = [];
  const assigned = ownNames(syntax);
  try {
    const type = typeOfBody(syntax, { conditional: false, asked: new Set() });
    return { type, problems };
  } catch (error) {
    // A chain too long for the JavaScript stack has no type.
    if (!(error instanceof RangeError)) throw error;
    return { type: unknown, problems: [] };
  }

  function typeOfBody(body: Body, around: Around): Type {
    const [only] = body;
    if (body.length === 1 && only?.kind === 'output') return typeOf(only.value, around);
    for (const statement of body) walk(statement, around);
    return body.some((one) => one.kind === 'text' && one.text !== '') ? text : unknown;
  }

  function walk(statement: Statement, around: Around): void {
    if (statement.kind === 'if') {
      let seen = around;
      for (const { condition, body } of statement.branches) {
        typeOf(condition, seen);
        seen = asking(seen, condition);
        for (const one of body) walk(one, seen);
      }
      for (const one of statement.otherwise) walk(one, seen);
      return;
    }
    const { expressions, bodies } = partsOfStatement(statement);
    const inside = statement.kind === 'for' || statement.kind === 'macro' ? { ...around, conditional: true } : around;
    for (const [index, expression] of expressions.entries())
      typeOf(expression, statement.kind === 'for' && index === 0 ? around : inside);
    for (const body of bodies) for (const one of body) walk(one, inside);
  }

  /** The type of a whole expression: what is constant in it is evaluated. */
  function typeOf(node: Expr, around: Around): Type {
    return settled(node, read(node, around), around);
  }

  function settled(node: Expr, seen: Seen, around: Around): Type {
    if (!seen.isConstant || node.kind === 'const') return seen.type;
    const constant = constantOf(node, place);
    if (constant.kind === 'value') return typeOfValue(constant.value);
    if (constant.kind === 'failed') {
      const { message, help, at } = constant.error;
      problems.push({ kind: 'type', message, help, at, conditional: around.conditional, names: new Set() });
    }
    return unknown;
  }

  function read(node: Expr, around: Around): Seen {
    if (node.kind === 'const') return { type: typeOfValue(node.value), isConstant: true };
    const parts = seenParts(node, around);
    if (parts.every(({ seen }) => seen.isConstant) && parts.length > 0 && mayBeConstant(node))
      return { type: unknown, isConstant: true };
    const types = new Map(parts.map(({ part, seen, inside }) => [part, settled(part, seen, inside)]));
    return { type: typeOfParts(node, (part) => types.get(part) ?? unknown, around), isConstant: false };
  }

  function seenParts(
    node: Expr,
    around: Around,
  ): readonly { readonly part: Expr; readonly seen: Seen; readonly inside: Around }[] {
    const [first] = partsOf(node);
    const guarded = node.kind === 'logical' || node.kind === 'conditional';
    const behind = guarded && first !== undefined ? asking(around, first) : around;
    return partsOf(node).map((part) => {
      const inside = part === first ? around : behind;
      return { part, seen: read(part, inside), inside };
    });
  }

  function typeOfParts(node: Expr, of: (part: Expr) => Type, around: Around): Type {
    switch (node.kind) {
      case 'const':
      case 'tuple':
        return unknown;
      case 'name':
        return assigned.has(node.name) ? unknown : typeOfName(node.name);
      case 'list':
        return listWith(node.items.map(of));
      case 'dict':
        return typeOfDict(node.entries, of);
      case 'attribute':
        return dictMethods.has(node.name) ? unknown : (attributeOf(of(node.object), node.name) ?? unknown);
      case 'item': {
        const key = indexText(node.key);
        return key === undefined ? unknown : (attributeOf(of(node.object), key) ?? unknown);
      }
      case 'slice': {
        const object = of(node.object);
        return object.kind === 'list' ? listOf(object.item) : object.kind === 'text' ? text : unknown;
      }
      case 'call':
        return typeOfCall(node);
      case 'filter':
        return filter(node, of, around);
      case 'test':
        return boolean;
      case 'unary': {
        if (node.operator === 'not') return boolean;
        const type = typeOfSigned(of(node.operand));
        return type ?? refuse(node, `"${node.operator}" needs a number`, 'Turn it into a number with "| int"', around);
      }
      case 'binary': {
        const [left, right] = [of(node.left), of(node.right)];
        const type = typeOfBinary(node.operator, left, right);
        const { operator } = node;
        return type ?? refuse(node, refusal(operator, left, right), helpFor(operator, left, right), around);
      }
      case 'logical':
        return unionOf([of(node.left), of(node.right)]);
      case 'comparison': {
        let left = of(node.first);
        for (const { operator, operand } of node.rest) {
          const right = of(operand);
          if (refusesCompare(operator, left, right))
            refuse(node, refusal(operator, left, right), helpFor(operator, left, right), around);
          left = right;
        }
        return boolean;
      }
      case 'concat':
        return text;
      case 'conditional':
        return node.otherwise === undefined ? unknown : unionOf([of(node.chosen), of(node.otherwise)]);
    }
  }

  function filter(node: FilterCall, of: (part: Expr) => Type, around: Around): Type {
    const name = node.name.slice(node.name.lastIndexOf('.') + 1);
    const { args } = node;
    const input = node.input === undefined ? text : of(node.input);
    const attribute = attributeOfFilter(name, args);
    if (attribute !== undefined) checkField(attribute, input, around);
    const use = {
      name,
      input,
      args: args.positional.map(of),
      attribute: attribute?.value,
      hasNamed: args.named.length > 0 || args.spread !== undefined || args.spreadNamed !== undefined,
    };
    const refused = refusesUse(use);
    return refused === undefined ? typeOfFilter(use) : refuse(node, refused, undefined, around);
  }

  function checkField(
    attribute: { readonly value: string; readonly from: number; readonly to: number },
    input: Type,
    { conditional, asked }: Around,
  ): void {
    const found = followPath(elementOf(input), attribute.value.split('.'));
    if (found.ok || asked.size > 0) return;
    const message = `Elements of this list have no field "${found.key}"`;
    const at = place(attribute.from, attribute.to);
    problems.push({ kind: 'field', message, help: found.help, at, conditional, names: new Set() });
  }

  /** Where the condition around asks about a name, its value is another there. */
  function refuse(node: Expr, message: string, help: string | undefined, { conditional, asked }: Around): Type {
    const names = new Set(namesIn(node));
    if ([...names].every((name) => !asked.has(name)))
      problems.push({ kind: 'type', message, help, at: place(node.from, node.to), conditional, names });
    return unknown;
  }
}

const plain = new WeakMap<Body, boolean>();

/** Whether a formula has nothing in it that could refuse a value: most only read names, and need no types. */
export function takesAnything({ syntax }: Template | Expression): boolean {
  const isPlain = plain.get(syntax) ?? expressionsIn(syntax).every(takesAny);
  plain.set(syntax, isPlain);
  return isPlain;
}

/** What is written out may be evaluated at the desk. */
function isWritten(node: Expr | undefined): boolean {
  return node !== undefined && ['const', 'list', 'tuple', 'dict'].includes(node.kind);
}

function mayRefuse(filter: string): boolean {
  return refusedInputs.has(filter) || namesAttribute(filter);
}

function takesAny(node: Expr): boolean {
  switch (node.kind) {
    case 'binary':
    case 'unary':
      return node.kind === 'unary' && node.operator === 'not';
    case 'comparison':
      return node.rest.every(({ operator }) => operator === '==' || operator === '!=');
    case 'filter':
      return !mayRefuse(node.name.slice(node.name.lastIndexOf('.') + 1)) && !isWritten(node.input);
    case 'test':
      return !isWritten(node.input);
    case 'const':
    case 'name':
    case 'list':
    case 'tuple':
    case 'dict':
    case 'attribute':
    case 'item':
    case 'slice':
    case 'call':
    case 'logical':
    case 'concat':
    case 'conditional':
      return true;
  }
}

const known = new WeakMap<Body, ReadonlySet<string>>();

/** Names that the template itself gives values, or whose values it changes. */
function ownNames(syntax: Body): ReadonlySet<string> {
  const names = known.get(syntax) ?? new Set([...assignedIn(syntax), ...changedIn(syntax)]);
  known.set(syntax, names);
  return names;
}

function typeOfDict(entries: readonly { readonly key: Expr; readonly value: Expr }[], of: (part: Expr) => Type): Type {
  const fields = new Map<string, Type>();
  let open = false;
  for (const { key, value } of entries) {
    if (key.kind === 'const' && typeof key.value === 'string') fields.set(key.value, of(value));
    else open = true;
  }
  return { kind: 'mapping', fields, open };
}

const methods: ReadonlyMap<string, Type> = new Map([
  ...['capitalize', 'format', 'join', 'lower', 'lstrip', 'rstrip', 'strip', 'title', 'upper', 'zfill'].map(
    (name): [string, Type] => [name, text],
  ),
  ...['split', 'splitlines', 'rsplit'].map((name): [string, Type] => [name, listOf(text)]),
  ...['startswith', 'endswith', 'isdigit'].map((name): [string, Type] => [name, boolean]),
]);

/** Of the methods of text; functions and macros may give anything. */
function typeOfCall({ callee }: Call): Type {
  return callee.kind === 'attribute' ? (methods.get(callee.name) ?? unknown) : unknown;
}

function asking(around: Around, condition: Expr): Around {
  return { conditional: true, asked: new Set([...around.asked, ...askedTypes(condition)]) };
}

const typeTests = new Set(
  'boolean float integer iterable mapping none number sameas sequence string true false'.split(' '),
);

/** The names of which a condition asks what type they have: behind it they may be of another than elsewhere. */
function askedTypes(condition: Expr): readonly string[] {
  const asking = withParts(condition).filter(
    (part) =>
      (part.kind === 'test' && typeTests.has(part.name)) || (part.kind === 'filter' && part.name === 'type_debug'),
  );
  return asking.flatMap(namesIn);
}

function namesIn(node: Expr): readonly string[] {
  return withParts(node).flatMap((part) => (part.kind === 'name' ? [part.name] : []));
}

/** As `askedTypes`, of a condition of a task. */
export function typesAskedBy({ syntax }: Expression): readonly string[] {
  return syntax.flatMap((statement) => partsOfStatement(statement).expressions.flatMap(askedTypes));
}
