import type { UnitFact, UnitQuery } from '../observation.ts';
import { quoteAll } from '../quote.ts';
import type { Answer, Finished, Part } from './part.ts';
import { asking, failed, together, utf8 } from './part.ts';

/** All units of one manager by one `systemctl show`. */
export function observeUnits(queries: readonly UnitQuery[]): readonly Part[] {
  return [undefined, 'user' as const, 'global' as const].flatMap((scope) => {
    const own = queries.filter((query) => query.scope === scope);
    return own.length === 0 ? [] : [together(own, asking(scriptFor(scope, own)), (done) => read(own, done))];
  });
}

/** Of the units of all users' managers nothing but the links is known. */
function scriptFor(scope: UnitQuery['scope'], queries: readonly UnitQuery[]): string {
  const names = quoteAll(queries.map((query) => query.name));
  if (scope !== 'global') return `exec systemctl ${scope === 'user' ? '--user ' : ''}--no-pager show -- ${names}`;
  return `for u in ${names}; do s=$(systemctl --global is-enabled -- "$u" 2>/dev/null); case $s in not-found|'') l=not-found s=;; *) l=loaded;; esac
printf 'Id=%s\nLoadState=%s\nUnitFileState=%s\n\n' "$u" $l "$s"; done`;
}

function read(queries: readonly UnitQuery[], done: Finished): readonly Answer[] {
  const blocks = utf8(done.stdout)
    .split(/\n\n(?=[A-Z]\w*=)/)
    .map(propertiesOf)
    .filter((block) => block['LoadState'] !== undefined);
  return queries.map((query, index) => {
    // A name that systemd takes for no unit has no block, so that the order alone is no proof.
    const block =
      blocks.find((one) => namesOf(one).includes(query.name)) ??
      (blocks.length === queries.length ? blocks[index] : undefined);
    if (block !== undefined) return { observation: query, fact: factOf(block) };
    const help = done.code === 127 ? 'This needs a host that runs systemd' : undefined;
    return failed(query, `systemd told nothing about "${query.name}"`, done, help);
  });
}

function propertiesOf(block: string): Readonly<Record<string, string>> {
  const properties = new Map<string, string>();
  let last = '';
  for (const line of block.split('\n')) {
    const [, name, value] = /^([A-Z]\w*)=(.*)$/.exec(line) ?? [];
    if (name === undefined && (last === '' || line === '')) continue;
    last = name ?? last;
    // A property may come more than once, such as ExecStart, and a value may have several lines.
    const before = properties.get(last);
    properties.set(last, before === undefined ? (value ?? '') : `${before}\n${value ?? line}`);
  }
  return Object.fromEntries(properties);
}

const namesOf = (block: Readonly<Record<string, string>>): readonly string[] => [
  block['Id'] ?? '',
  ...(block['Names'] ?? '').split(' '),
];

function factOf(properties: Readonly<Record<string, string>>): UnitFact {
  const text = (name: string): string => properties[name] ?? '';
  return {
    loadState: text('LoadState'),
    activeState: text('ActiveState'),
    subState: text('SubState'),
    unitFileState: text('UnitFileState'),
    needDaemonReload: text('NeedDaemonReload') === 'yes',
    dropInPaths: text('DropInPaths').split(' ').filter(Boolean),
    fragmentPath: text('FragmentPath'),
    mainPid: Number(text('MainPID') || 0),
    properties,
  };
}
