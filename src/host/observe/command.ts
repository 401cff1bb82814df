import { exports, oddNames } from '../apply/script.ts';
import { waitingScript } from '../condition-script.ts';
import type { CommandQuery, WaitQuery } from '../observation.ts';
import { quoteAll } from '../quote.ts';
import type { Part } from './part.ts';
import { asking, failed, single, utf8 } from './part.ts';

/** A program, never a builtin of the shell. */
export function observeCommand(query: CommandQuery): Part {
  const script = `${exports(query.env)}exec ${oddNames(query.env)}${quoteAll(query.argv)}`;
  return single(query, asking(script, query.timeoutMs), (done) => ({
    observation: query,
    fact: { code: done.code, stdout: utf8(done.stdout), stderr: utf8(done.stderr) },
  }));
}

/** The time for one look that hangs comes on top. */
const graceMs = 60_000;

export function observeWait(query: WaitQuery): Part {
  const script = `${waitingScript(query)}printf '%s\\n' "$met $spent" "$seen"`;
  return single(query, asking(script, query.delayMs + query.timeoutMs + graceMs), (done) => {
    const [head = '', ...seen] = utf8(done.stdout).trimEnd().split('\n');
    const found = /^([01]) (\d+)$/.exec(head);
    if (found === null) return failed(query, 'The host could not wait', done);
    return {
      observation: query,
      fact: { met: found[1] === '1', elapsedMs: Number(found[2]) * 10, last: seen.join('\n') },
    };
  });
}
