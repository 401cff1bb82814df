/** A text table as Go's tabwriter draws it: columns at least `least` wide, `gap` spaces between, the last one ragged. */
export function drawTable(rows: readonly (readonly string[])[], least: number, gap: number): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(least, ...rows.map((row) => (row[at] ?? '').length + gap)),
  );
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('');
  return rows.map((row) => `${line(row)}\n`).join('');
}

/** A duration as Docker's units print it, which crictl uses. */
export function humanDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.round(minutes / 60);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  return `${Math.floor(hours / 24)} days`;
}

/** A size as crictl's table prints it: decimal units, three digits. */
export function humanSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let at = 0;
  let value = bytes;
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000;
    at++;
  }
  return `${Number(value.toPrecision(3))}${units[at]}`;
}

/** Nanoseconds since the epoch as RFC 3339; Go's zero time for zero. */
export function nanoTime(ns: bigint): string {
  if (ns === 0n) return '0001-01-01T00:00:00Z';
  const whole = new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 19);
  const fraction = String(ns % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${whole}${fraction === '' ? '' : `.${fraction}`}Z`;
}
