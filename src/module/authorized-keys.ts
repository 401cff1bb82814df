/** A line of an authorized_keys file. */
export interface AuthorizedKey {
  readonly options: string;
  readonly type: string;
  readonly blob: string;
  readonly comment: string;
}

const types =
  /^(ssh-ed25519|ssh-rsa|ssh-dss|ecdsa-sha2-\S+|sk-ecdsa-sha2-nistp256@openssh\.com|sk-ssh-ed25519@openssh\.com|[a-z0-9@.-]+-cert-v01@openssh\.com)$/;

/** Blanks part the fields, but for those within quotes of the options. */
export function parseKey(line: string): AuthorizedKey | undefined {
  const trimmed = line.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return undefined;
  const words = trimmed.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? [];
  const at = words.findIndex((word) => types.test(word));
  const type = words[at];
  const blob = words[at + 1];
  if (at === -1 || at > 1 || type === undefined || blob === undefined) return undefined;
  return { options: words.slice(0, at).join(' '), type, blob, comment: commentOf(trimmed, blob) };
}

function commentOf(line: string, blob: string): string {
  return line.slice(line.indexOf(blob) + blob.length).trim();
}

export function keyLine(key: AuthorizedKey): string {
  return [key.options, key.type, key.blob, key.comment].filter((part) => part !== '').join(' ');
}

/** Which keys a file shall have. */
export interface KeysWish {
  readonly state: 'present' | 'absent';
  readonly keys: readonly AuthorizedKey[];
  /** No key but these. */
  readonly exclusive: boolean;
}

/** Parts of options, whose order says nothing; commas within quotes part none. */
function sameOptions(a: string, b: string): boolean {
  const parts = (text: string): string => (text.match(/(?:[^,"']|"[^"]*"|'[^']*')+/g) ?? []).sort().join(',');
  return parts(a) === parts(b);
}

/**
 * The file's text as it shall be: keys are the same where type and blob are; one with other options goes to the end. Where
 * no other keys shall be there, lines that are none go too.
 */
export function editKeys(text: string, wish: KeysWish): string {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const isSame = (a: AuthorizedKey, b: AuthorizedKey): boolean => a.type === b.type && a.blob === b.blob;
  const wantedFor = (key: AuthorizedKey): AuthorizedKey | undefined => wish.keys.find((one) => isSame(one, key));
  const found: AuthorizedKey[] = [];
  const kept = lines.flatMap((line) => {
    const key = parseKey(line);
    if (key === undefined) return wish.exclusive && wish.state === 'present' ? [] : [line];
    const wanted = wantedFor(key);
    if (wish.state === 'absent') return wanted === undefined ? [line] : [];
    if (wanted === undefined) return wish.exclusive ? [] : [line];
    const isEqual = sameOptions(key.options, wanted.options) && key.comment === wanted.comment;
    if (!isEqual || found.some((one) => isSame(one, key))) return [];
    found.push(key);
    return [line];
  });
  const isMissing = (key: AuthorizedKey): boolean => !found.some((one) => isSame(one, key));
  const added = wish.state === 'present' ? wish.keys.filter(isMissing).map(keyLine) : [];
  if (added.length === 0 && kept.length === lines.length) return text;
  return [...kept, ...added].map((line) => `${line}\n`).join('');
}
