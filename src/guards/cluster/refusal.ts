import type { GuardVerdict } from '../../module/guard.ts';

/** A refusal for which there are no numbers. */
export function refusal(message: string, help?: string): GuardVerdict {
  return { verdict: 'refuse', message, ...(help === undefined ? {} : { help }), numbers: {} };
}
