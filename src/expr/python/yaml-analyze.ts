/** What a text allows, as libyaml finds it. */
interface Analysis {
  readonly multiline: boolean;
  readonly flowPlain: boolean;
  readonly blockPlain: boolean;
  readonly singleQuoted: boolean;
}

/** What libyaml prints without escaping it; characters beyond the basic plane it does not. */
export function isPrintable(code: number): boolean {
  if (code === 0x0a || (code >= 0x20 && code <= 0x7e)) return true;
  return code >= 0xa0 && code <= 0xfffd && !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfeff;
}

export function isBreak(char: string): boolean {
  return char === '\n' || char === '\r' || char === '\x85' || char === '\u2028' || char === '\u2029';
}

const startIndicators = '#,[]{}&*!|>\'"%@`';
const flowIndicators = ',?[]{}';

export function analyze(chars: readonly string[]): Analysis {
  if (chars.length === 0) return { multiline: false, flowPlain: false, blockPlain: true, singleQuoted: true };
  const found = scan(chars);
  const edges = found.leading || found.trailing;
  const odd = found.breakSpace || found.spaceBreak || found.special;
  const plain = !edges && !odd && !found.lineBreaks;
  return {
    multiline: found.lineBreaks,
    flowPlain: plain && !found.flowIndicator,
    blockPlain: plain && !found.blockIndicator,
    singleQuoted: !odd,
  };
}

interface Found {
  flowIndicator: boolean;
  blockIndicator: boolean;
  lineBreaks: boolean;
  special: boolean;
  leading: boolean;
  trailing: boolean;
  breakSpace: boolean;
  spaceBreak: boolean;
}

function scan(chars: readonly string[]): Found {
  const start = chars.slice(0, 3).join('');
  const marker = start === '---' || start === '...';
  const found: Found = {
    flowIndicator: marker,
    blockIndicator: marker,
    lineBreaks: false,
    special: false,
    leading: isGap(chars[0]),
    trailing: isGap(chars.at(-1)),
    breakSpace: false,
    spaceBreak: false,
  };
  for (const [at, char] of chars.entries()) {
    indicators(char, at, chars, found);
    if (!isPrintable(char.codePointAt(0) ?? 0)) found.special = true;
    if (isBreak(char)) found.lineBreaks = true;
    const before = chars[at - 1] ?? '';
    if (char === ' ' && isBreak(before)) found.breakSpace = true;
    if (isBreak(char) && before === ' ') found.spaceBreak = true;
  }
  return found;
}

function indicators(char: string, at: number, chars: readonly string[], found: Found): void {
  const blankAfter = isBlank(chars[at + 1]);
  const both = (): void => {
    found.flowIndicator = true;
    found.blockIndicator = true;
  };
  if (at === 0) {
    if (startIndicators.includes(char)) both();
    if (char === '?' || char === ':') {
      found.flowIndicator = true;
      if (blankAfter) found.blockIndicator = true;
    }
    if (char === '-' && blankAfter) both();
    return;
  }
  if (flowIndicators.includes(char)) found.flowIndicator = true;
  if (char === ':') {
    found.flowIndicator = true;
    if (blankAfter) found.blockIndicator = true;
  }
  if (char === '#' && isBlank(chars[at - 1])) both();
}

function isBlank(char: string | undefined): boolean {
  return char === undefined || char === ' ' || char === '\t' || isBreak(char);
}

function isGap(char: string | undefined): boolean {
  return char !== undefined && (char === ' ' || isBreak(char));
}
