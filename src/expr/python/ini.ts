/** Sections of a file of settings, each with its names and values in order. */
export type Ini = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The section that gives values to all others. */
const shared = 'DEFAULT';

/** Reads a file of settings as Python's configparser does. `properties`: all of it is one section without a head. */
export function readIni(text: string, options: { readonly keepsCase: boolean; readonly properties: boolean }): Ini {
  const sections = new Map<string, Map<string, string[]>>();
  const sectionOf = (name: string): Map<string, string[]> => {
    const known = sections.get(name) ?? new Map<string, string[]>();
    sections.set(name, known);
    return known;
  };
  let section = options.properties ? sectionOf(propertiesSection) : undefined;
  let lines: string[] | undefined;
  let depth = 0;
  for (const line of text.split(/\r?\n/)) {
    const indent = /^\s*/.exec(line)?.[0].length ?? 0;
    const written = line.trim();
    if (written === '' || /^[#;]/.test(written)) {
      // A blank line belongs to a value only where the value goes on behind it.
      if (written === '') lines?.push('');
      continue;
    }
    if (lines !== undefined && indent > depth) {
      lines.push(written);
      continue;
    }
    lines = undefined;
    const head = /^\[(.+)\]/.exec(written)?.[1];
    if (head !== undefined) {
      section = sectionOf(head);
      continue;
    }
    const [, name = '', value = ''] = /^(.*?)\s*(?:[=:]\s*(.*))?$/.exec(written) ?? [];
    depth = indent;
    lines = [value];
    section?.set(options.keepsCase ? name : name.toLowerCase(), lines);
  }
  const defaults = sections.get(shared) ?? new Map<string, string[]>();
  return new Map(
    [...sections].map(([name, own]) => [
      name,
      new Map([...defaults, ...own].map(([key, parts]) => [key, parts.join('\n').trimEnd()])),
    ]),
  );
}

export const propertiesSection = 'java_properties';

/** `%(name)s` stands for another value of the section, `%%` for a percent sign. Absent where a name is not there. */
export function interpolated(
  value: string,
  section: ReadonlyMap<string, string>,
  keepsCase: boolean,
  depth = 10,
): string | undefined {
  if (depth === 0) return undefined;
  let isWhole = true;
  const made = value.replace(/%(?:%|\(([^)]*)\)s)/g, (whole, name: string | undefined) => {
    if (name === undefined) return whole.slice(1);
    const inner = section.get(keepsCase ? name : name.toLowerCase());
    const text = inner === undefined ? undefined : interpolated(inner, section, keepsCase, depth - 1);
    isWhole &&= text !== undefined;
    return text ?? '';
  });
  return isWhole ? made : undefined;
}
