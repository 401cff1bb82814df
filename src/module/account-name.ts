import { text } from './params.ts';

/** A name that a user or group can bear. */
export function accountName() {
  return text().refine((name) => /^[A-Za-z0-9_.][A-Za-z0-9_.@-]*\$?$/.test(name), {
    error: 'Expected a name of letters, digits, "_", "." and "-"',
  });
}
