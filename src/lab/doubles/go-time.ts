/** A duration as Kubernetes' configuration files have it (`30s`, `4m0s`, `1h`), in milliseconds. */
export function parseDuration(text: string | undefined): number | undefined {
  if (text === undefined || !/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  let sum = 0;
  for (const [, number, , unit] of text.matchAll(/(\d+(\.\d+)?)(ms|s|m|h)/g))
    sum += Number(number) * (units[unit ?? ''] ?? 0);
  return sum;
}

/** As Go prints a duration of seconds: `40s`, `4m0s`, `1h0m0s`. */
export function goDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${seconds % 60}s`;
  return `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds % 60}s`;
}

/** The head of a klog line: `E1122 00:59:38.640728     397 run.go:72] `. */
export function klogHead(level: 'I' | 'W' | 'E', place: string): string {
  const now = new Date();
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${two(now.getUTCMonth() + 1)}${two(now.getUTCDate())}`;
  const time = now.toISOString().slice(11, 23);
  return `${level}${day} ${time}000 ${String(process.pid).padStart(7)} ${place}] `;
}
