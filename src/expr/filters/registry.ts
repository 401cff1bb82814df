import { type Filter, registry } from '../define.ts';
import { defaultFilters } from './default.ts';
import { dictFilters } from './dict.ts';
import { jsonFilters } from './json.ts';
import { listFilters } from './list.ts';
import { numberFilters } from './number.ts';
import { regexFilters } from './regex.ts';
import { selectFilters } from './select.ts';
import { setFilters } from './sets.ts';
import { textFilters } from './text.ts';

/** Every filter that templates can use. */
export const filters = registry<Filter>([
  ...defaultFilters,
  ...textFilters,
  ...listFilters,
  ...selectFilters,
  ...dictFilters,
  ...setFilters,
  ...numberFilters,
  ...jsonFilters,
  ...regexFilters,
]);
