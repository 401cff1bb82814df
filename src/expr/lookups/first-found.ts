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
    const answer = rt.ask({ kind: 'file', path });
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

interface Search {
  readonly candidates: readonly string[];
  readonly skip: boolean;
}

/** What a dict says counts for the terms behind it too, as in Ansible. */
function gather(terms: List, options: Dict): Search {
  let current = options;
  const of = (term: Val): readonly string[] => {
    const value = known(term);
    if (isList(value)) return value.flatMap(of);
    if (isDict(value)) current = value;
    const files = words(isDict(value) ? (value.get('files') ?? []) : value, /[,;]/);
    const folders = words(current.get('paths') ?? [], /[,:;]/);
    if (folders.length === 0) return files;
    return folders.flatMap((folder) => files.map((file) => `${folder.replace(/\/+$/, '')}/${file}`));
  };
  const candidates = of(terms.length > 0 ? terms : (options.get('files') ?? []));
  return { candidates, skip: asFlag(current.get('skip') ?? false) };
}

function words(given: Val, separator: RegExp): string[] {
  const value = known(given);
  const list = isList(value) ? value : [value];
  return list.flatMap((one) => asText(one, 'Each file and path').split(separator));
}
