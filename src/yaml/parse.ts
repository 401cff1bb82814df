import { type Document, parseAllDocuments, type YAMLParseError } from 'yaml';
import type { Diagnostic } from '../core/diagnostic.ts';
import { positionOf, type Source } from '../core/source.ts';
import { type Converted, convertDocument } from './convert.ts';
import { explainErrors } from './explain-error.ts';
import { type Finding, problem } from './finding.ts';
import { looseTexts } from './loose.ts';
import { applyMends, type Mend } from './mend.ts';
import type { YamlNode } from './node.ts';

export interface ParsedYaml {
  /** The first document; absent where the text holds none. */
  readonly root: YamlNode | undefined;
  readonly documents: readonly YamlNode[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Mistakes can hide each other; after this many rounds those that were found have to do. */
const maxRounds = 25;

/**
 * Reads YAML 1.2 with the place of everything. A text with mistakes still gives a tree of what could be read, and all
 * mistakes that can be told apart: each is mended without moving an offset, and the text is read again.
 */
export function parseYaml(source: Source): ParsedYaml {
  const mended: Finding[] = [];
  let text = source.text;
  for (let round = 1; ; ) {
    const { converted, errors } = readOnce(source, text, mended);
    const found = converted.flatMap(({ findings }) => findings);
    // Behind a quote whose end the parser did not see it complains of every line.
    const loose = found.some(isOpenQuote) ? looseTexts(source, text) : [];
    const findings = loose.length > 0 ? loose : [...found, ...explainErrors(errors, source, text)];
    const next = loose.length > 0 ? loose : mendable(source, findings);
    if (next.length === 0 || round === maxRounds) {
      const documents = converted.flatMap(({ root }) => (root === undefined ? [] : [root]));
      const diagnostics = [...controlCharacters(source), ...withoutConsequences(source, [...mended, ...findings])];
      return { root: documents[0], documents, diagnostics };
    }
    mended.push(...next);
    // What is no mistake may stand in a file as often as its writer likes.
    if (loose.length === 0) round += 1;
    text = applyMends(
      text,
      next.map((finding) => finding.mend),
    );
  }
}

function readOnce(
  source: Source,
  text: string,
  mended: readonly Finding[],
): { readonly converted: readonly Converted[]; readonly errors: readonly YAMLParseError[] } {
  const mendedAs = (as: Mend['as']): ReadonlySet<number> =>
    new Set(mended.flatMap(({ mend }) => (mend?.as === as ? [mend.from] : [])));
  const begun = { plain: mendedAs('plain'), joined: mendedAs('joined') };
  const parsed = parseDocuments(text);
  return {
    converted: parsed.map(({ contents }) => convertDocument(contents, source, text, begun)),
    errors: parsed.flatMap(({ errors }) => errors),
  };
}

function parseDocuments(text: string): readonly Document.Parsed[] {
  const parsed = parseAllDocuments(text, {
    version: '1.2',
    schema: 'core',
    intAsBigInt: true,
    // Duplicates are found by the converter, which knows both places; standard types beyond the core are not known.
    uniqueKeys: false,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  return Array.isArray(parsed) ? parsed : [];
}

type Mendable = Finding & { readonly mend: Mend };

/**
 * What can be mended in this round: one mistake a line, and nothing behind a quote whose end the parser did not see,
 * since until that is mended the rest of the text is read wrong.
 */
function mendable(source: Source, findings: readonly Finding[]): readonly Mendable[] {
  const sorted = findings.filter(isMendable).sort((a, b) => a.mend.from - b.mend.from);
  const chosen: Mendable[] = [];
  let free = 0;
  for (const finding of sorted) {
    if (positionOf(source, finding.mend.from).line < free) continue;
    chosen.push(finding);
    if (isOpenQuote(finding)) break;
    free = positionOf(source, finding.mend.to).line + 1;
  }
  return chosen;
}

function isOpenQuote({ diagnostic }: Finding): boolean {
  return diagnostic?.code === 'yaml/unclosed-quote';
}

function isMendable(finding: Finding): finding is Mendable {
  return finding.mend !== undefined;
}

/**
 * What the parser says about a line that has a mistake already is a consequence of it, and so is everything after a
 * place where it could not go on.
 */
function withoutConsequences(source: Source, findings: readonly Finding[]): readonly Diagnostic[] {
  const lines = new Set<number>();
  let lost = false;
  return findings.flatMap(({ diagnostic, fromParser, mend }) => {
    if (diagnostic === undefined) return [];
    const { line } = positionOf(source, diagnostic.at.start);
    const isLost = diagnostic.code === 'yaml/mixed-collection' && mend === undefined;
    if (fromParser && (lines.has(line) || (lost && isLost))) return [];
    lost ||= isLost;
    if (diagnostic.severity === 'error') lines.add(line);
    return [diagnostic];
  });
}

function controlCharacters(source: Source): readonly Diagnostic[] {
  return Array.from(source.text.matchAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g), ({ index }) => {
    const code = source.text.charCodeAt(index).toString(16).padStart(2, '0');
    return problem('yaml/control-character', `Found the control character U+00${code.toUpperCase()}`, {
      source,
      start: index,
      end: index + 1,
    });
  });
}
