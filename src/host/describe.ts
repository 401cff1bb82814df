import type { Diff } from '../core/events.ts';
import { unreachable } from '../core/result.ts';
import type { Attributes, Change, Content, Run } from './change.ts';
import type { FileFact } from './observation.ts';

/** One line for a plan, such as `write /etc/haproxy/haproxy.cfg (1,204 bytes, mode 0644)`. */
export function describeChange(change: Change): string {
  switch (change.kind) {
    case 'write-file':
      return `write ${shown(change.path)}${details([`${grouped(sizeOf(change.content))} bytes`, ...dress(change)])}`;
    case 'make-directory':
      return `make directory ${shown(change.path)}${details(dress(change))}`;
    case 'set-attributes': {
      const symbolic = change.symbolicMode === undefined ? [] : [`mode ${change.symbolicMode}`];
      const recursive = change.recursive ? ['with all below it'] : [];
      return `set attributes of ${shown(change.path)}${details([...dress(change), ...symbolic, ...recursive])}`;
    }
    case 'make-link':
      return `link ${shown(change.path)} to ${shown(change.target)}${details([...(change.hard ? ['hard'] : []), ...dress(change)])}`;
    case 'remove':
      return `remove ${shown(change.path)}${change.recursive ? ' with all below it' : ''}`;
    case 'rename':
      return `rename ${shown(change.from)} to ${shown(change.to)}`;
    case 'copy-path':
      return `copy ${shown(change.from)} to ${shown(change.to)}${details(dress(change))}`;
    case 'touch':
      return `touch ${shown(change.path)}${details(dress(change))}`;
    case 'systemctl':
      return ['systemctl', ...(change.scope === 'system' ? [] : [`--${change.scope}`]), change.verb, change.unit ?? '']
        .join(' ')
        .trimEnd();
    case 'run':
      return `run ${oneLine(change.summary ?? commandLine(change))}`;
    case 'start-job':
      return `start in the background: ${oneLine(change.run.summary ?? commandLine(change.run))}`;
    case 'download':
      return `download ${oneLine(change.url)} to ${shown(change.path)}${details(dress(change))}`;
    case 'unpack':
      return `unpack ${shown(change.archive)} into ${shown(change.into)}`;
    case 'wait-until':
      return `wait for ${oneLine(change.summary)}${details([`at most ${change.timeoutMs / 1000} s`])}`;
    case 'reboot':
      return `reboot${details([oneLine(change.command)])}`;
    case 'transaction': {
      const steps = change.do.length + change.verify.length;
      return `${oneLine(change.summary)}${details([`${steps} step${steps === 1 ? '' : 's'}, undone as a whole if one fails`])}`;
    }
    default:
      return unreachable(change);
  }
}

/** What `--diff` shows; `before` is the file as it was observed, links followed as the change follows them. */
export function diffOf(change: Change, before: FileFact | undefined): readonly Diff[] {
  switch (change.kind) {
    case 'write-file':
      return [
        { subject: change.path, before: contentBefore(before), after: contentAfter(change.content) },
        ...attributesDiff(change.path, change, before),
      ];
    case 'set-attributes':
    case 'touch':
      return attributesDiff(change.path, change, before);
    case 'make-directory':
      if (before?.exists === true) return attributesDiff(change.path, change, before);
      return [{ subject: change.path, before: 'absent\n', after: `directory${details(dress(change))}\n` }];
    case 'make-link':
      return [{ subject: change.path, before: `${kindOf(before)}\n`, after: `link to ${change.target}\n` }];
    case 'remove':
      return [{ subject: change.path, before: `${kindOf(before)}\n`, after: 'absent\n' }];
    case 'transaction':
      return change.do.flatMap((one) => diffOf(one, undefined));
    case 'rename':
    case 'copy-path':
    case 'systemctl':
    case 'run':
    case 'start-job':
    case 'download':
    case 'unpack':
    case 'wait-until':
    case 'reboot':
      return [];
    default:
      return unreachable(change);
  }
}

function contentBefore(before: FileFact | undefined): string {
  if (before === undefined || !before.exists) return '';
  if (before.content !== undefined) return readable(before.content);
  return before.type === 'file' ? `(${grouped(before.size)} bytes, not looked into)\n` : `(${kindOf(before)})\n`;
}

function contentAfter(content: Content): string {
  return content.kind === 'bytes'
    ? readable(content.bytes)
    : `(${grouped(content.size)} bytes, sha256 ${content.sha256})\n`;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function readable(bytes: Uint8Array): string {
  try {
    if (!bytes.includes(0)) return utf8.decode(bytes);
  } catch {
    // Said below.
  }
  return `(${grouped(bytes.length)} bytes, binary)\n`;
}

function attributesDiff(path: string, wanted: Attributes, before: FileFact | undefined): readonly Diff[] {
  if (before === undefined || !before.exists) return [];
  const lines = [
    ...(wanted.mode === undefined || wanted.mode === before.mode
      ? []
      : [[`mode ${octal(before.mode)}`, `mode ${octal(wanted.mode)}`]]),
    ...(wanted.owner === undefined || [before.owner, String(before.uid)].includes(wanted.owner)
      ? []
      : [[`owner ${before.owner}`, `owner ${wanted.owner}`]]),
    ...(wanted.group === undefined || [before.group, String(before.gid)].includes(wanted.group)
      ? []
      : [[`group ${before.group}`, `group ${wanted.group}`]]),
  ];
  if (lines.length === 0) return [];
  const text = (index: number): string => lines.map((line) => `${line[index] ?? ''}\n`).join('');
  return [{ subject: `${path} (attributes)`, before: text(0), after: text(1) }];
}

function kindOf(before: FileFact | undefined): string {
  if (before === undefined) return 'unknown';
  if (!before.exists) return 'absent';
  return before.type === 'link' ? `link to ${before.target ?? 'an unknown place'}` : before.type;
}

function dress(of: Attributes): readonly string[] {
  return [
    ...(of.mode === undefined ? [] : [`mode ${octal(of.mode)}`]),
    ...(of.owner === undefined ? [] : [`owner ${of.owner}`]),
    ...(of.group === undefined ? [] : [`group ${of.group}`]),
  ];
}

function sizeOf(content: Content): number {
  return content.kind === 'bytes' ? content.bytes.length : content.size;
}

function commandLine({ command }: Run): string {
  if ('shell' in command) return command.shell;
  return command.argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');
const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
const details = (parts: readonly string[]): string => (parts.length === 0 ? '' : ` (${parts.join(', ')})`);

/** Control characters would break the line of a plan. */
function shown(path: string): string {
  return /^[^\p{Cc}\s"']+$/u.test(path) ? path : JSON.stringify(path);
}

function oneLine(text: string): string {
  const [first = '', ...rest] = text.trim().split('\n');
  const cut = first.length > 200 ? `${first.slice(0, 200)} ...` : first;
  return (rest.length > 0 ? `${cut} ...` : cut).replace(/\p{Cc}/gu, ' ');
}
