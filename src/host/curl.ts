import { quote } from './quote.ts';

/** One line of a curl config. Secrets in headers and URLs travel this way, as a process's arguments are public. */
export function curlOption(name: string, value: string): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `${name} = "${escaped}"`;
}

/** Sets `w` to wget's time limit: some builds of busybox have none, and break when asked for it. */
export function wgetLimit(seconds: number): string {
  return `w=; case $(wget --help 2>&1) in *-T[\\ ,]*) w='-T ${seconds}';; esac`;
}

/** `printf … | curl -q -K - FLAGS`. `-q` leaves out the user's own curlrc, `-g` takes brackets as they are. */
export function curl(config: readonly string[], flags: string): string {
  return `printf '%s\\n' ${quote(config.join('\n'))} | curl -q -g -K - ${flags}`;
}
