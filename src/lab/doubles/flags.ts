/** What a command line holds: options by their long name, and what is left. */
export interface Parsed {
  readonly options: Readonly<Record<string, readonly string[]>>;
  readonly rest: readonly string[];
}

export interface FlagTable {
  /** Long names that take a value. */
  readonly values: readonly string[];
  /** Long names that do not. */
  readonly switches: readonly string[];
  /** Short names to long ones. */
  readonly short?: Readonly<Record<string, string>>;
  /** Stop at the first word that is no option, as Go's urfave/cli does; pflag goes on. */
  readonly stopAtFirst?: boolean;
}

/** A command line that the real program would refuse too. */
export class FlagError extends Error {}

/** Reads `--name value`, `--name=value`, `-n value`, `-abc` for switches, `--`. */
export function parseFlags(argv: readonly string[], table: FlagTable): Parsed {
  const options: Record<string, string[]> = {};
  const rest: string[] = [];
  const add = (name: string, value: string): void => {
    options[name] = [...(options[name] ?? []), value];
  };
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') return { options, rest: [...rest, ...argv.slice(at + 1)] };
    if (!word.startsWith('-') || word === '-') {
      if (table.stopAtFirst === true) return { options, rest: argv.slice(at) };
      rest.push(word);
      continue;
    }
    const [given = '', inline] = word.replace(/^--?/, '').split(/=(.*)/s, 2);
    const isShort = !word.startsWith('--');
    const names = isShort && given.length > 1 && !known(given, table) ? given.split('') : [given];
    for (const name of names) {
      const long = table.short?.[name] ?? name;
      if (table.switches.includes(long)) add(long, inline ?? 'true');
      else if (table.values.includes(long)) {
        const value = inline ?? argv[++at];
        if (value === undefined)
          throw new FlagError(`flag needs an argument: ${isShort ? `'${name}' in -${given}` : `--${name}`}`);
        add(long, value);
      } else
        throw new FlagError(isShort ? `unknown shorthand flag: '${name}' in -${given}` : `unknown flag: --${given}`);
    }
  }
  return { options, rest };
}

const known = (name: string, table: FlagTable): boolean =>
  table.values.includes(name) || table.switches.includes(name) || table.short?.[name] !== undefined;

/** The last value given for an option. */
export function option(parsed: Parsed, name: string): string | undefined {
  return parsed.options[name]?.at(-1);
}

export function isOn(parsed: Parsed, name: string): boolean {
  const value = option(parsed, name);
  return value !== undefined && value !== 'false';
}

/** All values of an option that may be repeated or hold commas. */
export function listOption(parsed: Parsed, name: string): readonly string[] {
  return (parsed.options[name] ?? []).flatMap((value) => value.split(',')).filter((value) => value !== '');
}
