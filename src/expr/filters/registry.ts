import { type Filter, registry } from '../define.ts';
import { commentFilters } from './comment.ts';
import { defaultFilters } from './default.ts';
import { dictFilters } from './dict.ts';
import { encodeFilters } from './encode.ts';
import { htmlFilters } from './html.ts';
import { ipFilters } from './ip.ts';
import { jsonFilters } from './json.ts';
import { listFilters } from './list.ts';
import { numberFilters } from './number.ts';
import { otherFilters } from './other.ts';
import { pathFilters } from './path.ts';
import { randomFilters } from './random.ts';
import { regexFilters } from './regex.ts';
import { selectFilters } from './select.ts';
import { setFilters } from './sets.ts';
import { textFilters } from './text.ts';
import { timeFilters } from './time.ts';
import { yamlFilters } from './yaml.ts';

/** Every filter that templates can use. */
export const filters = registry<Filter>([
  ...defaultFilters,
  ...textFilters,
  ...regexFilters,
  ...commentFilters,
  ...htmlFilters,
  ...listFilters,
  ...selectFilters,
  ...dictFilters,
  ...setFilters,
  ...randomFilters,
  ...numberFilters,
  ...timeFilters,
  ...pathFilters,
  ...encodeFilters,
  ...jsonFilters,
  ...yamlFilters,
  ...ipFilters,
  ...otherFilters,
]);
