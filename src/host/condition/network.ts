import type { Condition } from '../condition.ts';
import { wgetLimit } from '../curl.ts';
import { quote } from '../quote.ts';

type Of<K extends Condition['kind']> = Extract<Condition, { kind: K }>;

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

/** A connection by whatever the host has; `seen` says what came of it, or what came from it. */
export function tcp(condition: Of<'tcp'>): string {
  return condition.search === undefined ? connection(condition) : banner(condition, condition.search);
}

/** bash looks at each part as it comes; the others read for some seconds, or until the other side closes, and are asked again. */
function banner(condition: Of<'tcp'>, search: string): string {
  const host = quote(condition.host);
  const limit = seconds(condition.timeoutMs);
  const place = `${condition.host} port ${condition.port}`;
  const short = Math.min(limit, 5);
  const url = quote(`${bracketed(condition.host)}:${condition.port}`);
  return `if command -v bash >/dev/null 2>&1 && command -v timeout >/dev/null 2>&1; then seen=$(timeout ${limit} bash -c 'exec 3<>"/dev/tcp/$1/$2" || exit 1
b=; while :; do IFS= read -r -t 0.2 -N 65536 c <&3; r=$?; b=$b$c; if printf "%s\\n" "$b" | grep -Eq -e "$3"; then break; fi; [ $r = 0 ] || [ $r -gt 128 ] || break; done; printf "%s\\n" "$b"' tcp ${host} ${condition.port} ${quote(search)} 2>/dev/null)
elif command -v nc >/dev/null 2>&1; then seen=$(sleep ${short} | nc -w ${short} ${host} ${condition.port} 2>/dev/null)
elif command -v socat >/dev/null 2>&1; then seen=$(socat -u -T ${short} TCP:${url},connect-timeout=${short} - 2>/dev/null)
elif command -v curl >/dev/null 2>&1; then seen=$(curl -q -s -m ${short} telnet://${url} 2>/dev/null)
else seen='no bash, nc, socat or curl to connect with'; false; fi </dev/null
printf '%s\n' "$seen" | grep -Eq -e ${quote(search)} || { seen=${quote(`nothing that matches came from ${place}`)}; false; }`;
}

function connection(condition: Of<'tcp'>): string {
  const host = quote(condition.host);
  const limit = seconds(condition.timeoutMs);
  const place = `${condition.host} port ${condition.port}`;
  const local = /^(127\.|localhost$|::1$)/.test(condition.host);
  return `if command -v bash >/dev/null 2>&1 && command -v timeout >/dev/null 2>&1; then timeout ${limit} bash -c 'exec 3<>"/dev/tcp/$1/$2"' tcp ${host} ${condition.port}
elif command -v nc >/dev/null 2>&1; then nc -z -w ${limit} ${host} ${condition.port} || nc -w ${limit} ${host} ${condition.port}
elif command -v socat >/dev/null 2>&1; then socat -u OPEN:/dev/null ${quote(`TCP:${bracketed(condition.host)}:${condition.port},connect-timeout=${limit}`)}
elif command -v curl >/dev/null 2>&1; then case $(curl -q -s -m ${limit} -o /dev/null -w '%{time_connect}' ${quote(`telnet://${bracketed(condition.host)}:${condition.port}`)}) in *[1-9]*) ;; *) false;; esac
${local ? `else ${listening(condition.port)}` : `else seen='no bash, nc, socat or curl to connect with'; false`}
fi </dev/null >/dev/null 2>&1
case $? in 0) seen=${quote(`${place} accepts connections`)}; ${condition.open ? ':' : 'false'};; *) [ "$seen" ] || seen=${quote(`${place} accepts no connection`)}; ${condition.open ? 'false' : ':'};; esac`;
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** State 0A is LISTEN; the address stands in front of the port. */
function listening(port: number): string {
  return `cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q ':${hexPort(port)} [0-9A-F]*:0000 0A '`;
}

const hexPort = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

/** States 01 to 06: a connection that lives, comes or goes. */
export function drained(condition: Of<'drained'>): string {
  return `seen=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -c '^ *[0-9]*: [0-9A-F]*:${hexPort(condition.port)} [0-9A-F]*:[0-9A-F]* 0[1-6] ')
[ "$seen" = 0 ]; c=$?; seen="$seen connections to port ${condition.port}"; [ $c = 0 ]`;
}

/** curl, or wget; busybox's wget verifies nothing, so it may not stand in where verifying is asked for. */
export function http(condition: Of<'http'>): string {
  const { url, verifyTls, body, caFile, serverName } = condition;
  const limit = seconds(condition.timeoutMs);
  const target = quote(url);
  const ca = (flag: string): string => (caFile === undefined ? '' : `${flag}${quote(caFile)} `);
  const isOther = serverName !== undefined;
  const wgetFlags = `$w ${verifyTls && !isOther ? ca('--ca-certificate=') : '--no-check-certificate '}`;
  const curlFlags = verifyTls ? ca('--cacert ') : '-k ';
  const curlTarget = isOther ? reachedAs(url, serverName) : target;
  const busybox =
    url.startsWith('https:') && verifyTls && !isOther
      ? `e='busybox wget cannot verify TLS: install curl'; h=`
      : `e=$(wget -q -S -O - ${wgetFlags}${target} 2>&1 >/dev/null); h=$(wget -q -O - ${wgetFlags}${target} 2>/dev/null)`;
  const wantedBody =
    body === undefined ? '' : `\n[ "$h" = ${quote(body.trimEnd())} ] || { c=1; seen="$seen, another body"; }`;
  const bodyWhite = body === undefined ? '' : `\nh=\${h%"\${h##*[![:space:]]}"}`;
  return `if command -v curl >/dev/null 2>&1; then h=$(curl -q -g -sS ${curlFlags}-m ${limit} -w ' %{http_code}' ${curlTarget} 2>&1); s=\${h##* } h=\${h% *} e=$h
elif ! command -v wget >/dev/null 2>&1; then s=000 e='neither curl nor wget is installed' h=
else ${wgetLimit(limit)}
if wget --version 2>/dev/null | grep -q GNU; then e=$(wget -nv -S -O /dev/null --max-redirect=0 -t 1 ${wgetFlags}${target} 2>&1); h=$(wget -q -O - --max-redirect=0 -t 1 ${wgetFlags}${target} 2>/dev/null)
else ${busybox}; fi
s=$(printf '%s\\n' "$e" | sed -n 's/.*HTTP\\/[0-9.]* \\([0-9][0-9][0-9]\\).*/\\1/p' | sed -n '$p'); s=\${s:-000}; fi
c=0 seen="status $s"; [ "$s" != 000 ] || seen="no answer: $e"
case $s in ${condition.statuses.length === 0 ? 'none' : condition.statuses.join('|')}) ;; *) c=1;; esac${bodyWhite}${wantedBody}
[ $c = 0 ]`;
}

/** The same server, asked under another name, and itself: a proxy would be asked for that name. */
function reachedAs(url: string, name: string): string {
  const { hostname, pathname, port, protocol, search } = new URL(url);
  const at = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return `--noproxy '*' --connect-to ${quote(`::${hostname}:${at}`)} ${quote(`${protocol}//${name}:${at}${pathname}${search}`)}`;
}
