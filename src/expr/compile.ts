import type { Diagnostic } from '../core/diagnostic.ts';
import type { Compiled, Expression, FreeNames, Place, Template } from './api.ts';
import { buildBody } from './build/body.ts';
import { build } from './build/expression.ts';
import type { Eval, Program, Scope } from './build/frame.ts';
import { checkCalls } from './check/calls.ts';
import { checkLoopFields } from './check/loop-fields.ts';
import { freeNames } from './check/names.ts';
import { assignedIn } from './check/scope.ts';
import type { Body } from './syntax/ast.ts';
import { lexCode } from './syntax/code-lexer.ts';
import { HEADER, readHeader } from './syntax/header.ts';
import { lexTemplate } from './syntax/lexer.ts';
import { parseBare, parseTemplate } from './syntax/parse-template.ts';
import {
  type Delimiters,
  defaultDelimiters,
  type LexerOptions,
  type SyntaxProblem,
  type Token,
} from './syntax/token.ts';

/** How a template's text is read. What is not given is as Ansible has it for a text in YAML. */
export interface TemplateOptions {
  /** Drop the line break behind a block tag. True unless given. */
  readonly trimBlocks?: boolean;
  /** Drop the white space before a block tag that begins its line. False unless given. */
  readonly lstripBlocks?: boolean;
  /** Keep the line breaks at the end of the text. True unless given. */
  readonly keepTrailingNewline?: boolean;
  /** What every line break of the text becomes. `\n` unless given. */
  readonly newline?: string;
  /**
   * Read `\n`, `\\` and the like in the strings of `{{ }}`. False unless given, since YAML has read them already;
   * template files want true. Strings in `{% %}` are always read so.
   */
  readonly escapes?: boolean;
  readonly delimiters?: Partial<Delimiters>;
}

const lastBreak = /(?:\r\n|\r|\n)$/;

/** Parses and checks a text with `{{ }}`, `{% %}` and `{# #}`, and makes it ready to run; all its errors at once. */
export function compileTemplate(text: string, place: Place, options: TemplateOptions = {}): Compiled<Template> {
  const { newline = '\n', keepTrailingNewline = true } = options;
  const delimiters = { ...defaultDelimiters, ...options.delimiters };
  if (!hasTemplate(text, delimiters) && keepTrailingNewline)
    return { ok: true, value: plainText(text, place), warnings: [] };
  const lexing: LexerOptions = {
    trimBlocks: options.trimBlocks ?? true,
    lstripBlocks: options.lstripBlocks ?? false,
    newline,
    escapes: options.escapes ?? false,
    delimiters,
  };
  return checked(text, place, (problems) => {
    const header = readHeader(text, lexing, problems);
    const tokens = lexTemplate(text.replace(lastBreak, ''), header.start, header.options, problems);
    const body = parseTemplate(tokens, text.length, problems);
    checkCalls(body, options.escapes !== true, problems);
    checkLoopFields(body, problems);
    const [only] = body;
    let lines = 0;
    while (text.at(-1 - lines) === '\n') lines++;
    const run = buildBody(body, scopeOf(body, place));
    const program: Program = { run, trailing: keepTrailingNewline ? lines : 0, newline: header.options.newline };
    const native = body.length === 1 && only?.kind === 'output';
    return { kind: 'template', text, place, body: program, native, names: freeNames(body, place), syntax: body };
  });
}

/** Parses and checks a bare expression, as in `when`; escapes in its strings are read. */
export function compileExpression(text: string, place: Place): Compiled<Expression> {
  return checked(text, place, (problems) => {
    const tokens: Token[] = [];
    lexCode(text, 0, undefined, true, tokens, problems);
    tokens.push({ type: 'end', from: text.length, to: text.length });
    const node = parseBare(tokens, text.length, problems);
    const body: Body = [{ kind: 'output', value: node, from: 0, to: text.length }];
    checkCalls(body, true, problems);
    const names = freeNames(body, place);
    return { kind: 'expression', text, place, body: build(node, scopeOf(body, place)), names, syntax: body };
  });
}

/** What was made, or all that is wrong. A chain too long for the JavaScript stack is a problem like others. */
function checked<T>(text: string, place: Place, make: (problems: SyntaxProblem[]) => T): Compiled<T> {
  const problems: SyntaxProblem[] = [];
  try {
    const value = make(problems);
    if (problems.length === 0) return { ok: true, value, warnings: [] };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = 'The expression is too long to be read';
    problems.push({
      code: 'expr/too-deep',
      message,
      from: 0,
      to: text.length,
      help: 'Give parts of it names with {% set %}',
    });
  }
  return { ok: false, diagnostics: diagnosticsOf(problems, place) };
}

/** Whether a text has anything for the template language in it. */
export function hasTemplate(text: string, { variable, block, comment }: Delimiters = defaultDelimiters): boolean {
  if (text.startsWith(HEADER)) return true;
  return text.includes(variable[0]) || text.includes(block[0]) || text.includes(comment[0]);
}

/** A text without tags stays as it is, whatever its line breaks are; an included one loses the last, as others do. */
function plainText(text: string, place: Place): Template {
  const included = text.replace(lastBreak, '');
  const program: Program = { run: (_, out) => void out.push(included), trailing: 0, newline: '\n', verbatim: text };
  const names: FreeNames = { variables: [], computed: false, lookups: false };
  return { kind: 'template', text, place, body: program, native: false, names, syntax: [] };
}

function scopeOf(body: Body, place: Place): Scope {
  return {
    assigned: assignedIn(body),
    at:
      ({ from, to }) =>
      () =>
        place(from, to),
  };
}

/** In the order of the text, each place reported once. */
function diagnosticsOf(problems: readonly SyntaxProblem[], place: Place): readonly Diagnostic[] {
  return [...problems]
    .sort((a, b) => a.from - b.from)
    .filter((one, at, all) => all.findIndex((other) => other.from === one.from && other.message === one.message) === at)
    .map(({ code, message, from, to, help }) => ({
      code,
      severity: 'error',
      message,
      at: place(from, to),
      ...(help !== undefined && { help }),
    }));
}

export function isProgram(body: unknown): body is Program {
  return typeof body === 'object' && body !== null && 'run' in body;
}

export function isEval(body: unknown): body is Eval {
  return typeof body === 'function';
}
