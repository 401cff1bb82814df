/** Whether a name fits a shell pattern of `*`, `?` and `[…]`, as Python's fnmatch decides it. */
export function matchesGlob(pattern: string, name: string): boolean {
  return globRegex(pattern).test(name);
}

/** The pattern as a regular expression for the whole of a name. */
export function globRegex(pattern: string): RegExp {
  const source = pattern.replace(
    /\*|\?|\[(!?)(\]?[^\]]*)\]|[\\^$.*+?()[\]{}|/]/g,
    (part, negated: string | undefined, members: string | undefined) => {
      if (part === '*') return '[\\s\\S]*';
      if (part === '?') return '[\\s\\S]';
      if (members === undefined) return `\\${part}`;
      return `[${negated === '!' ? '^' : ''}${members.replace(/[\\[\]^]/g, '\\$&')}]`;
    },
  );
  return new RegExp(`^(?:${source})$`);
}

/** Whether a text is a pattern rather than a plain name. */
export function isGlob(text: string): boolean {
  return /[*?[]/.test(text);
}
