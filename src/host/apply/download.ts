import type { Download } from '../change.ts';
import { curl, curlOption, wgetLimit } from '../curl.ts';
import { quote } from '../quote.ts';
import { atomicWrite } from './atomic.ts';

/** By curl or wget; a checksum that does not match leaves the old file, a content that is the old one is no change. */
export function download(change: Download, flush: boolean): string {
  const { checksum } = change;
  const verify =
    checksum === undefined
      ? ''
      : `v=$(${checksum.hash}sum <"$t") && v=\${v%% *} || drop
[ "$v" = ${quote(checksum.value.toLowerCase())} ] || { s=$(sha1sum <"$t" 2>/dev/null); drop "The ${checksum.hash} of the download is $v, not "${quote(checksum.value)}"\${s:+
Its sha1 is \${s%% *}}" 65; }\n`;
  const same = `! cmp -s -- "$t" "$p" || { rm -f -- "$t"; say noop; exit 0; }`;
  return atomicWrite({ ...change, follow: true, flush, fill: `${fetched(change)}\n${verify}${same}` });
}

function fetched(change: Download): string {
  const { url, verifyTls } = change;
  const limit = Math.max(1, Math.ceil(change.timeoutMs / 1000));
  const headers = Object.entries(change.headers).map(([name, value]) => `${name}: ${value}`);
  const config = [curlOption('url', url), ...headers.map((header) => curlOption('header', header))];
  // The time limit is one of silence, not of the whole download, as it is in Ansible.
  const byCurl = curl(config, `-sS -f -L ${verifyTls ? '' : '-k '}--connect-timeout ${limit} -y ${limit} -Y 1 -o "$t"`);
  const wgetHeaders = headers.map((header) => `--header ${quote(header)} `).join('');
  const byWget = `${wgetLimit(limit)}; wget -q $w ${verifyTls ? '' : '--no-check-certificate '}${wgetHeaders}-O "$t" ${quote(url)}`;
  const needsVerifying = url.startsWith('https:') && verifyTls;
  return `if command -v curl >/dev/null 2>&1; then ${byCurl} || drop "Cannot download "${quote(url)}
elif ! command -v wget >/dev/null 2>&1; then drop 'Neither curl nor wget is installed on this host' 127
else${needsVerifying ? ` case $(wget --version 2>/dev/null) in *GNU*) ;; *) drop "The wget of this host cannot verify TLS; install curl" 127;; esac;` : ''} ${byWget} || drop "Cannot download "${quote(url)}; fi`;
}
