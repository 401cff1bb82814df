import type { Location } from '../../core/source.ts';

/** The key in front of a value, where the value begins; the value itself where it is not written below a key of that name. */
export function placeOfKey(name: string, value: Location): Location {
  const before = value.source.text.slice(0, value.start);
  const found = new RegExp(`(?:^|[\\s{,])["']?(${name})["']?\\s*:(?:\\s|[!&][^\\s]*|#[^\\n]*|["'|>])*$`).exec(
    before.slice(Math.max(0, before.length - longest)),
  );
  if (found === null) return value;
  const start = before.length - found[0].length + found[0].indexOf(name);
  return { source: value.source, start, end: start + name.length };
}

/** More text than this stands between no key and its value. */
const longest = 2000;

/** The name behind `register:` of a task; the task where it is written otherwise. */
export function placeOfRegister(name: string, task: Location): Location {
  const found = new RegExp(`\\bregister["']?\\s*:\\s*["']?(${name})\\b`).exec(
    task.source.text.slice(task.start, task.end),
  );
  if (found === null) return task;
  const start = task.start + found.index + found[0].length - name.length;
  return { source: task.source, start, end: start + name.length };
}
