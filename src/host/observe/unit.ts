import type { UnitFact, UnitQuery } from '../observation.ts';
import { quoteAll } from '../quote.ts';
import type { Answer, Finished, Part } from './part.ts';
import { asking, failed, together, utf8 } from './part.ts';

/** All units of one manager by one `systemctl show`. */
export function observeUnits(queries: readonly UnitQuery[]): readonly Part[] {
  const scopes = [...new Set(queries.map((query) => query.scope))];
  return scopes.map((scope) => {
    const own = queries.filter((query) => query.scope === scope);
    const names = own.map((query) => query.name);
    const flag = scope === undefined ? '' : `--${scope === 'global' ? 'user' : scope} `;
    return together(own, asking(`exec systemctl ${flag}--no-pager show -- ${quoteAll(names)}`), (done) =>
      read(own, done),
    );
  });
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
