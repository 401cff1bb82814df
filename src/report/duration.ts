/** `0.4 s`, `12 s`, `3 min 20 s`, `1 h 02 min`. */
export function durationText(ms: number): string {
  const seconds = ms / 1000;
  return seconds < 9.95 ? `${seconds.toFixed(1)} s` : elapsedText(Math.round(seconds));
}

/** The same of a clock that ticks in whole seconds. */
export function elapsedText(whole: number): string {
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
