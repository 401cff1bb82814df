import { unreachable } from '../core/result.ts';
import { container } from './condition/container.ts';
import { drained, http, tcp } from './condition/network.ts';
import type { Condition } from './condition.ts';
import { quote, quoteAll, quotePath } from './quote.ts';

/**
 * A loop that looks until the condition holds or the time is over. Afterwards `met` is 1 or 0, `spent` the time in
 * hundredths of a second, `seen` what was seen last.
 */
export function waitingScript(of: {
  readonly until: Condition;
  readonly timeoutMs: number;
  readonly delayMs: number;
  readonly intervalMs: number;
}): string {
  return `clock() { read now x </proc/uptime; now=\${now%.*}\${now#*.}; }
nap() { sleep $1 2>/dev/null || sleep $2; }
${conditionFunction(of.until)}
met=0 seen=; clock; from=$now
${of.delayMs > 0 ? napping(of.delayMs) : ':'}
while :; do
if look; then met=1; break; fi
clock; [ $((now - from)) -lt ${Math.ceil(of.timeoutMs / 10)} ] || break
${napping(of.intervalMs)}
done
clock; spent=$((now - from))
`;
}

/** Not every sleep knows fractions. */
function napping(ms: number): string {
  return `nap ${ms / 1000} ${Math.max(1, Math.ceil(ms / 1000))}`;
}

/** A shell function `look` that succeeds when the condition holds, and puts what it saw into `seen`. */
function conditionFunction(condition: Condition): string {
  let count = 0;
  const bodies: string[] = [];
  const name = (one: Condition): string => {
    const own = `look${count === 0 ? '' : count}`;
    count += 1;
    bodies.push(`${own}() {\n${body(one, own, name)}\n}`);
    return own;
  };
  name(condition);
  return bodies.join('\n');
}

/** `name` gives the function of a nested condition. */
function body(condition: Condition, own: string, name: (one: Condition) => string): string {
  switch (condition.kind) {
    case 'tcp':
      return `seen=\n${tcp(condition)}`;
    case 'drained':
      return drained(condition);
    case 'http':
      return http(condition);
    case 'container':
      return container(condition, own);
    case 'path':
      return path(condition);
    case 'command':
      return command(condition);
    case 'unit':
      return `seen=$(systemctl is-active -- ${quote(condition.name)} 2>&1)\n[ "$seen" = ${quote(condition.activeState)} ]; set -- $?; seen=${quote(`${condition.name} is `)}$seen; return $1`;
    case 'all': {
      // All are looked at each time, so that one that counts its successes is not left behind.
      const each = condition.of.map((one) => {
        const inner = name(one);
        return `${inner} || { ${own}_no=1; ${own}_seen="\${${own}_seen:+$${own}_seen; }$seen"; }`;
      });
      return `${own}_no= ${own}_seen=\n${each.join('\n')}\n[ ! "$${own}_no" ] || { seen=$${own}_seen; return 1; }`;
    }
    case 'count': {
      const each = condition.of.map((one) => {
        const inner = name(one);
        return `if ${inner}; then ${own}_n=$((${own}_n + 1)); fi; ${own}_seen="\${${own}_seen:+$${own}_seen; }$seen"`;
      });
      return `${own}_n=0 ${own}_seen=\n${each.join('\n')}\nseen="$${own}_n of ${condition.least} needed\${${own}_seen:+: $${own}_seen}"\n[ $${own}_n -ge ${condition.least} ]`;
    }
    case 'successive': {
      const inner = name(condition.of);
      return `if ${inner}; then ${own}_n=$((\${${own}_n:-0} + 1)); else ${own}_n=0; return 1; fi
[ $${own}_n -ge ${condition.times} ] || { seen="$seen ($${own}_n of ${condition.times} times in a row)"; return 1; }`;
    }
    default:
      return unreachable(condition);
  }
}

function path(condition: Extract<Condition, { kind: 'path' }>): string {
  const there = `[ -e "$p" ] || [ -L "$p" ]`;
  const test =
    condition.search === undefined
      ? `if ${there}; then seen="$p is there"; c=0; else seen="$p is not there"; c=1; fi`
      : `if ! { ${there}; }; then seen="$p is not there"; c=1; elif grep -Eq -e ${quote(condition.search)} -- "$p"; then seen="$p has the line"; c=0; else seen="$p has no such line"; c=1; fi`;
  return `p=${quotePath(condition.path)}\n${test}\n[ $c = ${condition.present ? 0 : 1} ]`;
}

function command(condition: Extract<Condition, { kind: 'command' }>): string {
  const { stdout } = condition;
  const matched = stdout === undefined ? '' : ` && printf '%s\\n' "$o" | grep -Eq -e ${quote(stdout)}`;
  return `o=$( exec ${quoteAll(condition.argv)} ${stdout === undefined ? '2>&1' : '2>/dev/null'} ); c=$?
seen="exit code $c\${o:+: }$(printf '%s\\n' "$o" | sed -n '$p')"
[ $c = ${condition.code} ]${matched}`;
}
