import { asFlag, asText } from '../runtime/coerce.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import {
  type Dict,
  isDict,
  isList,
  type List,
  PENDING,
  type Pending,
  type Runtime,
  type Val,
} from '../runtime/value.ts';

/** ansible's `first_found`: names alone, or dicts of `files` and `paths` of which every pair is tried. */
export function firstFound(terms: List, options: Dict, rt: Runtime): List | Pending {
  const { candidates, skip } = gather(terms, options);
  for (const path of candidates) {
    const answer = rt.ask({ kind: 'file', path, search: 'files' });
    if (answer.kind === 'pending') return PENDING;
    if (answer.kind === 'text') return [answer.path ?? path];
  }
  if (skip) return [];
  return fail(
    'lookup',
    `None of these files was found: ${candidates.map((path) => `"${path}"`).join(', ')}`,
    'Give skip=true where that is fine',
  );
}

function gather(terms: List, options: Dict): { readonly candidates: readonly string[]; readonly skip: boolean } {
  const candidates: string[] = [];
  let skip = asFlag(options.get('skip') ?? false);
  const add = (files: Val, paths: Val): void => {
    const folders = words(paths);
    for (const file of words(files)) {
      if (folders.length === 0) candidates.push(file);
      for (const folder of folders) candidates.push(`${folder.replace(/\/+$/, '')}/${file}`);
    }
  };
  for (const given of terms.flatMap((term) => listed(term))) {
    const term = known(given);
    if (isDict(term)) {
      add(term.get('files') ?? [], term.get('paths') ?? []);
      skip ||= asFlag(term.get('skip') ?? false);
    } else add([asText(term, 'Each path')], options.get('paths') ?? []);
  }
  add(options.get('files') ?? [], options.get('paths') ?? []);
  return { candidates, skip };
}

function listed(term: Val): List {
  const value = known(term);
  return isList(value) ? value : [value];
}

/** A list, or a text with commas, semicolons or colons between. */
function words(given: Val): string[] {
  return listed(given).flatMap((one) =>
    asText(one, 'Each file and path')
      .split(/[,;:]/)
      .filter((word) => word !== ''),
  );
}
