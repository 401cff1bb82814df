/** What `show stat` says of one server of a backend. */
export interface ServerStat {
  readonly backend: string;
  readonly server: string;
  /** `UP`, `DOWN`, `MAINT`, `DRAIN`, `NOLB`, `no check`, with what haproxy adds, such as `UP 1/3`. */
  readonly status: string;
  readonly weight: number;
  readonly sessions: number;
  /** Such as `L7STS/500`. */
  readonly check: string;
}

/** The servers in the CSV that `show stat` prints. Columns are found by their header, so a newer haproxy's are read as well. */
export function parseStat(csv: string): readonly ServerStat[] {
  const [header, ...rows] = csv.split('\n').filter((line) => line.trim() !== '');
  if (header === undefined) return [];
  const names = header.replace(/^#\s*/, '').split(',');
  const column = (cells: readonly string[], name: string): string => cells[names.indexOf(name)] ?? '';
  return rows
    .map(cellsOf)
    .filter((cells) => !['FRONTEND', 'BACKEND', ''].includes(column(cells, 'svname')))
    .map((cells) => ({
      backend: column(cells, 'pxname'),
      server: column(cells, 'svname'),
      status: column(cells, 'status'),
      weight: Number(column(cells, 'weight')),
      sessions: Number(column(cells, 'scur')),
      check: [column(cells, 'check_status').replace(/^\* /, ''), column(cells, 'check_code')]
        .filter((part) => part !== '')
        .join('/'),
    }));
}

/** haproxy quotes a cell that holds a comma or a quote, such as what a health check was answered. */
function cellsOf(row: string): readonly string[] {
  return [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

/** Whether a server takes new connections. */
export function isUp(stat: ServerStat): boolean {
  return stat.status.startsWith('UP') || stat.status === 'no check';
}
