import type { Warning } from '../core/events.ts';

/** How a warning is called, and its color: one that ended the run is an error. */
export function warningWord({ severity }: Warning): { readonly word: string; readonly style: 'red' | 'yellow' } {
  return severity === 'error' ? { word: 'error', style: 'red' } : { word: 'warning', style: 'yellow' };
}
