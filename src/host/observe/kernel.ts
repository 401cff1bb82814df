import type {
  HostnameQuery,
  KernelModuleQuery,
  MountsQuery,
  PortQuery,
  SwapQuery,
  SysctlQuery,
} from '../observation.ts';
import { quote, quoteAll } from '../quote.ts';
import type { Part } from './part.ts';
import { asking, single, together, utf8 } from './part.ts';

/** Octal escapes of blanks in /proc/mounts and /etc/fstab. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

export function observeMounts(query: MountsQuery): Part {
  return single(query, asking('cat /proc/mounts; echo .; exec cat /etc/fstab 2>/dev/null'), (done) => {
    const [mounts = '', fstab = ''] = utf8(done.stdout).split(/^\.\n/m, 2);
    const rows = mounts
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(' ').map(unescaped));
    return {
      observation: query,
      fact: {
        mounts: rows.map(([source = '', target = '', type = '', options = '']) => ({ source, target, type, options })),
        fstab,
      },
    };
  });
}

export function observeSwap(query: SwapQuery): Part {
  return single(query, asking('exec cat /proc/swaps'), (done) => {
    const rows = utf8(done.stdout)
      .split('\n')
      .slice(1)
      .filter(Boolean)
      .map((line) => line.trim().split(/\s+/));
    const active = rows.map(([device = '', type = '', kib = '0']) => ({
      device: unescaped(device),
      type,
      kib: Number(kib),
    }));
    return { observation: query, fact: { active } };
  });
}

/** `net.ipv4.conf.eth0/100.rp_filter`: where dots part the words a slash is a dot, and the other way round. */
function sysctlPath(name: string): string {
  const byDots = name.search(/[./]/) !== -1 && name.charAt(name.search(/[./]/)) === '.';
  const path = byDots ? name.replace(/[./]/g, (char) => (char === '.' ? '/' : '.')) : name;
  return `/proc/sys/${path}`;
}

/** One grep for all keys: its lines carry the file's name, and it reads each file in one go, as /proc demands. */
export function observeSysctls(queries: readonly SysctlQuery[]): readonly Part[] {
  if (queries.length === 0) return [];
  const paths = queries.map((query) => sysctlPath(query.name));
  return [
    together(queries, asking(`exec grep '' /dev/null ${quoteAll(paths)} 2>/dev/null`), (done) => {
      const lines = utf8(done.stdout).split('\n');
      return queries.map((observation, index) => {
        const prefix = `${paths[index] ?? ''}:`;
        const own = lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));
        if (own.length === 0) return { observation, fact: {} };
        return { observation, fact: { value: own.join(' ').trim().replace(/\s+/g, ' ') } };
      });
    }),
  ];
}

/** `initstate` is there for what was loaded, never for what is built in. */
export function observeKernelModules(queries: readonly KernelModuleQuery[]): readonly Part[] {
  if (queries.length === 0) return [];
  const names = queries.map((query) => query.name.replaceAll('-', '_'));
  const script = `r=
for m in ${quoteAll(names)}; do
if [ -e "/sys/module/$m/initstate" ]; then echo loaded
elif [ -d "/sys/module/$m" ]; then echo builtin
else [ "$r" ] || { r=$(uname -r); b=; for d in /lib/modules /usr/lib/modules; do [ ! -r "$d/$r/modules.builtin" ] || b=$(cat "$d/$r/modules.builtin"); done; }
case "$b
" in */"$m".ko"
"*|*/"$(echo "$m" | tr _ -)".ko"
"*) echo builtin;; *) echo absent;; esac
fi; done`;
  return [
    together(queries, asking(script), (done) => {
      const states = utf8(done.stdout).split('\n');
      return queries.map((observation, index) => ({
        observation,
        fact: { loaded: states[index] === 'loaded', builtin: states[index] === 'builtin' },
      }));
    }),
  ];
}

export function observeHostname(query: HostnameQuery): Part {
  return single(query, asking('uname -n; exec cat /etc/hostname 2>/dev/null'), (done) => {
    const [current = '', ...file] = utf8(done.stdout).split('\n');
    const fixed = file.map((line) => line.trim()).find((line) => line !== '' && !line.startsWith('#'));
    return { observation: query, fact: { current, static: fixed ?? '' } };
  });
}

/** State 0A is LISTEN. */
export function observePorts(queries: readonly PortQuery[]): readonly Part[] {
  if (queries.length === 0) return [];
  return [
    together(queries, asking(`exec grep -h ${quote(' 0A ')} /proc/net/tcp /proc/net/tcp6 2>/dev/null`), (done) => {
      const sockets = utf8(done.stdout)
        .split('\n')
        .map((line) => /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ 0A /.exec(line))
        .filter((found) => found !== null)
        .map(([, address = '', port = '']) => ({ address: addressOf(address), port: Number.parseInt(port, 16) }));
      return queries.map((observation) => ({
        observation,
        fact: {
          listeners: sockets.filter((socket) => socket.port === observation.port).map((socket) => socket.address),
        },
      }));
    }),
  ];
}

/** The kernel prints 32-bit words of the host's byte order: little-endian on all that Linux servers run on, but s390x. */
function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  for (let at = 0; at + 4 <= bytes.length; at += 4) bytes.subarray(at, at + 4).reverse();
  if (bytes.length === 4) return [...bytes].join('.');
  if (bytes.subarray(0, 12).equals(mappedPrefix)) return [...bytes.subarray(12)].join('.');
  const words = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return compressed(words);
}

const mappedPrefix = Buffer.from('00000000000000000000ffff', 'hex');

/** RFC 5952: the longest run of zero words becomes `::`. */
function compressed(words: readonly string[]): string {
  let best = { at: -1, length: 1 };
  for (let at = 0; at < words.length; at += 1) {
    let length = 0;
    while (words[at + length] === '0') length += 1;
    if (length > best.length) best = { at, length };
  }
  if (best.at === -1) return words.join(':');
  return `${words.slice(0, best.at).join(':')}::${words.slice(best.at + best.length).join(':')}`;
}
