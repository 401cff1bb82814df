import { fail } from '../runtime/failure.ts';

/** Python's `os.path` and `ntpath`, the parts that only look at the text. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function dirName(path: string): string {
  const head = path.slice(0, path.lastIndexOf('/') + 1);
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '');
}

/** An absolute part begins anew. */
export function joinPaths(parts: readonly string[]): string {
  const [first = '', ...others] = parts;
  return others.reduce((path, part) => {
    if (part.startsWith('/')) return part;
    return path === '' || path.endsWith('/') ? path + part : `${path}/${part}`;
  }, first);
}

/** The extension with its dot; dots that begin the name are none. */
export function splitExtension(path: string): readonly [string, string] {
  const name = baseName(path);
  const lead = /^\.*/.exec(name)?.[0].length ?? 0;
  const dot = name.lastIndexOf('.');
  if (dot < lead || dot === -1) return [path, ''];
  const at = path.length - name.length + dot;
  return [path.slice(0, at), path.slice(at)];
}

export function normalizePath(path: string): string {
  if (path === '') return '.';
  const lead = /^\/{2}(?!\/)/.test(path) ? '//' : path.startsWith('/') ? '/' : '';
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || (lead === '' && kept.length === 0) || kept.at(-1) === '..') kept.push(part);
    else kept.pop();
  }
  const whole = lead + kept.filter((part, at) => part !== '..' || lead === '' || at > 0).join('/');
  return whole === '' ? '.' : whole;
}

/** Both must be absolute, or both not: the controller's own folder is none of a template's business. */
export function relativePath(path: string, start: string): string {
  if (path === '') return fail('value', 'There is no path');
  if (path.startsWith('/') !== start.startsWith('/'))
    return fail('value', `"${path}" and "${start}" must both be absolute, or both not`);
  const [to, from] = [path, start].map((one) =>
    normalizePath(one)
      .split('/')
      .filter((part) => part !== '' && part !== '.'),
  );
  if (to === undefined || from === undefined) return '.';
  let shared = 0;
  while (shared < to.length && shared < from.length && to[shared] === from[shared]) shared++;
  const steps = [...from.slice(shared).map(() => '..'), ...to.slice(shared)];
  return steps.length === 0 ? '.' : steps.join('/');
}

export function commonPath(paths: readonly string[]): string {
  const [first] = paths;
  if (first === undefined) return fail('value', 'There are no paths');
  const absolute = first.startsWith('/');
  if (paths.some((path) => path.startsWith('/') !== absolute))
    return fail('value', 'Absolute and relative paths have nothing in common');
  const split = paths.map((path) => path.split('/').filter((part) => part !== '' && part !== '.'));
  const [shortest = []] = split.toSorted((a, b) => a.length - b.length);
  let shared = 0;
  while (shared < shortest.length && split.every((parts) => parts[shared] === shortest[shared])) shared++;
  return (absolute ? '/' : '') + shortest.slice(0, shared).join('/');
}

/** `C:` or `\\host\share`, and the rest. */
export function splitDrive(path: string): readonly [string, string] {
  const share = /^[\\/]{2}(?![\\/])[^\\/]+[\\/](?![\\/])[^\\/]*/.exec(path);
  if (share !== null) return [share[0], path.slice(share[0].length)];
  return path[1] === ':' ? [path.slice(0, 2), path.slice(2)] : ['', path];
}

export function windowsBaseName(path: string): string {
  const [, rest] = splitDrive(path);
  return rest.slice(Math.max(rest.lastIndexOf('\\'), rest.lastIndexOf('/')) + 1);
}

export function windowsDirName(path: string): string {
  const [drive, rest] = splitDrive(path);
  const head = rest.slice(0, Math.max(rest.lastIndexOf('\\'), rest.lastIndexOf('/')) + 1);
  return drive + (/^[\\/]*$/.test(head) ? head : head.replace(/[\\/]+$/, ''));
}
