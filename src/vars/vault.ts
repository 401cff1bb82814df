import type { Result } from '../core/result.ts';
import type { Location } from '../core/source.ts';

/**
 * Opens a text that begins with `$ANSIBLE_VAULT;`. What it returns is registered with the redactor by whoever hands it
 * in. The error says what is wrong in one sentence, such as `None of the 2 vault passwords opens it`.
 */
export type Decrypt = (text: string, at: Location) => Result<string, string>;

export function isVaultText(text: string): boolean {
  return text.startsWith('$ANSIBLE_VAULT;');
}
