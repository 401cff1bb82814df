import type { Request } from '../api.ts';
import { defineLookup } from '../define.ts';
import { splitLines, strip } from '../methods/string-parts.ts';
import { asFlag, asText } from '../runtime/coerce.ts';
import { known } from '../runtime/force.ts';
import { optional } from '../runtime/signature.ts';
import { toText } from '../runtime/text.ts';
import { type Dict, isDict, isList, isPending, or, PENDING, type Pending, type Val } from '../runtime/value.ts';
import { answers, missing, textOf } from './answers.ts';
import { firstFound } from './first-found.ts';
import { passwordOf } from './password.ts';

/** Lookups that the controller's files, environment and commands shape. */
export const controllerLookups = [
  defineLookup({
    name: 'env',
    terms: 'names',
    summary: 'Gives environment variables of the controller; those not set give the default',
    params: [optional('default', '')],
    asksController: true,
    run: (terms, options, rt) =>
      answers(terms, (term) => {
        const answer = rt.ask({ kind: 'env', name: asText(term, 'The name of an environment variable') });
        if (answer.kind === 'pending') return PENDING;
        return answer.kind === 'text' ? answer.text : or(options.get('default'), () => '');
      }),
  }),
  defineLookup({
    name: 'file',
    terms: 'paths',
    summary: 'Gives the text of files of the controller, white space at the end dropped',
    params: [optional('lstrip', false), optional('rstrip', true)],
    asksController: true,
    run: (terms, options, rt) =>
      answers(terms, (term) => {
        const text = textOf({ kind: 'file', path: asText(term, 'The path of a file'), search: 'files' }, rt);
        const right = asFlag(options.get('rstrip') ?? true) ? strip(text, undefined, 'end') : text;
        return asFlag(options.get('lstrip') ?? false) ? strip(right, undefined, 'start') : right;
      }),
  }),
  defineLookup({
    name: 'template',
    terms: 'paths',
    summary: 'Gives what template files make, with further variables if given',
    params: [
      optional('template_vars', new Map()),
      ...['variable_start_string', 'variable_end_string', 'comment_start_string', 'comment_end_string'].map((name) =>
        optional(name),
      ),
      optional('trim_blocks', true),
      // What Ansible 2.19 still takes and no longer heeds.
      optional('convert_data', true),
      optional('jinja2_native', true),
    ],
    asksController: true,
    run: (terms, options, rt) =>
      answers(terms, (term) => {
        const path = asText(term, 'The path of a template');
        const answer = rt.ask({ kind: 'template', path, ...readingOf(options) });
        if (answer.kind === 'pending') return PENDING;
        if (answer.kind !== 'template') return missing(answer, path);
        const vars = known(options.get('template_vars') ?? null);
        return rt.render(
          answer.template,
          new Map(isDict(vars) ? [...vars].map(([name, value]) => [toText(name), value]) : []),
        );
      }),
  }),
  defineLookup({
    name: 'pipe',
    terms: 'commands',
    summary: 'Gives what commands print on the controller, white space at the end dropped',
    asksController: true,
    run: (terms, _, rt) =>
      answers(terms, (term) => {
        return strip(textOf({ kind: 'pipe', command: asText(term, 'The command') }, rt), undefined, 'end');
      }),
  }),
  defineLookup({
    name: 'lines',
    terms: 'commands',
    summary: 'Gives the lines that commands print on the controller',
    asksController: true,
    run(terms, _, rt) {
      const texts = answers(terms, (term) => textOf({ kind: 'pipe', command: asText(term, 'The command') }, rt));
      return isPending(texts) ? PENDING : texts.flatMap((text) => splitLines(toText(text), false));
    },
  }),
  defineLookup({
    name: 'fileglob',
    terms: 'patterns',
    summary: 'Gives the files of the controller that match patterns of one folder',
    asksController: true,
    run(terms, _, rt) {
      const lists = answers(terms, (term): Val | Pending => {
        const pattern = asText(term, 'The pattern');
        const answer = rt.ask({ kind: 'glob', pattern });
        if (answer.kind === 'pending') return PENDING;
        return answer.kind === 'list' ? answer.items : missing(answer, pattern);
      });
      return isPending(lists) ? PENDING : lists.flatMap((list) => (isList(list) ? list : [list]));
    },
  }),
  defineLookup({
    name: 'inventory_hostnames',
    terms: 'host patterns',
    summary: 'Gives the hosts of the inventory that patterns name',
    asksController: true,
    run(terms, _, rt) {
      const answer = rt.ask({ kind: 'hosts', pattern: terms.map(toText).join(',') });
      if (answer.kind === 'pending') return PENDING;
      return answer.kind === 'list' ? answer.items : [];
    },
  }),
  defineLookup({
    name: 'first_found',
    terms: 'paths, or dicts of files and paths',
    summary: 'Gives the first of several files that is there',
    params: [optional('files', []), optional('paths', []), optional('skip', false)],
    asksController: true,
    run: (terms, options, rt) => firstFound(terms, options, rt),
  }),
  defineLookup({
    name: 'password',
    terms: 'paths, with parameters behind them if need be',
    summary: 'Gives the password in a file of the controller, beside the playbook; makes one where there is none',
    params: [optional('length'), optional('chars'), optional('encrypt'), optional('ident'), optional('seed')],
    asksController: true,
    run: (terms, options, rt) => answers(terms, (term) => passwordOf(term, options, rt)),
  }),
];

/** How a template file is read, where that is not as usual. */
function readingOf(options: Dict): Pick<Extract<Request, { kind: 'template' }>, 'reading'> {
  const text = (name: string): string | undefined => {
    const value = known(options.get(name) ?? null);
    return value === null ? undefined : toText(value);
  };
  const pair = (kind: string, start: string, end: string): readonly [string, string] | undefined => {
    const [from, to] = [text(`${kind}_start_string`), text(`${kind}_end_string`)];
    return from === undefined && to === undefined ? undefined : [from ?? start, to ?? end];
  };
  const variable = pair('variable', '{{', '}}');
  const comment = pair('comment', '{#', '#}');
  const trimBlocks = asFlag(options.get('trim_blocks') ?? true);
  if (variable === undefined && comment === undefined && trimBlocks) return {};
  return {
    reading: {
      trimBlocks,
      delimiters: { ...(variable === undefined ? {} : { variable }), ...(comment === undefined ? {} : { comment }) },
    },
  };
}
