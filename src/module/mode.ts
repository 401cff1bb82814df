/** Permission bits as a person asks for them. */
export type ModeSpec =
  | { readonly kind: 'octal'; readonly bits: number }
  | { readonly kind: 'symbolic'; readonly text: string }
  /** As the source has them. */
  | { readonly kind: 'preserve' };

const octal = /^0?o?[0-7]{1,5}$/;
const clause = '[ugoa]*([-+=]([rwxXst]*|[ugo]))+';
const symbolic = new RegExp(`^${clause}(,${clause})*$`);

/** Why a value is no mode; absent where it is one. */
export function modeProblem(value: string | number, preserve: boolean): string | undefined {
  if (typeof value === 'number') {
    const meant = octal.test(String(value)) ? `write "0${value}" in quotes` : 'write it in quotes, with digits up to 7';
    return `A mode is octal text such as "0644"; the bare number ${value} is decimal, ${meant}`;
  }
  if (value === 'preserve') return preserve ? undefined : 'There is no source whose mode "preserve" could keep here';
  if (octal.test(value) && Number.parseInt(value.replace('o', ''), 8) <= 0o7777) return undefined;
  if (symbolic.test(value)) return undefined;
  return `Expected octal text such as "0644" or a symbolic mode such as "u=rw,go=r", found "${value}"`;
}

/** Of a text without a problem. */
export function parseMode(written: string): ModeSpec {
  if (written === 'preserve') return { kind: 'preserve' };
  return octal.test(written)
    ? { kind: 'octal', bits: Number.parseInt(written.replace('o', ''), 8) }
    : { kind: 'symbolic', text: written };
}

/** Four digits at least, as Ansible prints it. */
export function modeText(bits: number): string {
  return bits.toString(8).padStart(4, '0');
}

/** The bits that `spec` makes of `current`. */
export function resolveMode(spec: ModeSpec, current: number, isDirectory: boolean, source = current): number {
  switch (spec.kind) {
    case 'octal':
      return spec.bits;
    case 'preserve':
      return source;
    case 'symbolic':
    default:
      return applySymbolic(spec.text, current, isDirectory);
  }
}

const shifts = { u: 6, g: 3, o: 0 } as const;
type Who = keyof typeof shifts;

/** As chmod does; the umask, which only counts where nobody is named, is taken to be 022. */
function applySymbolic(written: string, current: number, isDirectory: boolean): number {
  let bits = current;
  for (const part of written.split(',')) {
    const users = /^[ugoa]*/.exec(part)?.[0] ?? '';
    const who = whoOf(users);
    const mask = users === '' ? ~0o022 : ~0;
    for (const [, operator, letters = ''] of part.slice(users.length).matchAll(/([-+=])([rwxXstugo]*)/g)) {
      const asked = bitsOf(letters, who, bits, isDirectory) & mask;
      if (operator === '=') bits = (bits & ~clearedBy(who)) | asked;
      else bits = operator === '+' ? bits | asked : bits & ~asked;
    }
  }
  return bits;
}

function whoOf(users: string): readonly Who[] {
  const all: readonly Who[] = ['u', 'g', 'o'];
  return users === '' || users.includes('a') ? all : all.filter((one) => users.includes(one));
}

function bitsOf(letters: string, who: readonly Who[], current: number, isDirectory: boolean): number {
  let bits = 0;
  for (const one of who) {
    for (const letter of letters) bits |= letterBits(letter, one, current, isDirectory);
  }
  return bits;
}

function letterBits(letter: string, who: Who, current: number, isDirectory: boolean): number {
  const shift = shifts[who];
  switch (letter) {
    case 'r':
      return 4 << shift;
    case 'w':
      return 2 << shift;
    case 'x':
      return 1 << shift;
    case 'X':
      return isDirectory || (current & 0o111) !== 0 ? 1 << shift : 0;
    case 's':
      return who === 'u' ? 0o4000 : who === 'g' ? 0o2000 : 0;
    case 't':
      return 0o1000;
    case 'u':
    case 'g':
    case 'o':
      return ((current >> shifts[letter]) & 7) << shift;
    default:
      return 0;
  }
}

function clearedBy(who: readonly Who[]): number {
  return who.reduce(
    (bits, one) => bits | (7 << shifts[one]) | (one === 'u' ? 0o4000 : one === 'g' ? 0o2000 : 0o1000),
    0,
  );
}
