import { type Lookup, registry } from '../define.ts';
import { controllerLookups } from './controller.ts';
import { tableLookups } from './tables.ts';
import { valueLookups } from './value.ts';

/** Every lookup that templates can ask. */
export const lookups = registry<Lookup>([...valueLookups, ...controllerLookups, ...tableLookups]);
