import { closest, didYouMean } from '../../core/suggest.ts';
import type { Term } from '../../vars/term.ts';
import { literalOfTerm } from '../text.ts';
import type { Handler, Task } from '../tree.ts';
import type { HandlerNames, PlayScope } from './world.ts';

/** Makes handlers known under their names, `role : name`, and topics. */
export function addHandlers(names: HandlerNames, handlers: readonly Handler[]): void {
  for (const handler of handlers) {
    for (const topic of handler.listen) names.names.set(topic, handler.at);
    addName(names, handler.name, handler.role?.name);
  }
}

function addName(names: HandlerNames, name: Term | undefined, role: string | undefined): void {
  const prefixes = role === undefined ? [''] : ['', `${role} : `];
  if (name?.kind === 'template') {
    const pattern = name.template.text
      .split(/\{\{.*?\}\}|\{%.*?%\}/s)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*');
    names.patterns.push(
      new RegExp(
        `^(${prefixes.map((prefix) => prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})${pattern}$`,
        's',
      ),
    );
    return;
  }
  const text = literalOfTerm(name);
  if (name !== undefined && text !== undefined) for (const prefix of prefixes) names.names.set(prefix + text, name.at);
}

/** Reports a notify that no handler hears. */
export function checkNotify(scope: PlayScope, task: Task): void {
  const { names, patterns, open } = scope.handlers;
  const { report, excusedHandlers, gaps } = scope.world.loading;
  if (open || gaps.size > 0) return;
  for (const term of task.notify) {
    const text = literalOfTerm(term);
    if (text === undefined || names.has(text) || excusedHandlers.has(text)) continue;
    if (patterns.some((pattern) => pattern.test(text))) continue;
    const near = closest(text, names.keys());
    const help = didYouMean(text, names.keys()) ?? (names.size === 0 ? 'The play has no handlers' : undefined);
    const at = near === undefined ? undefined : names.get(near);
    const related = at === undefined ? undefined : [{ message: `The handler "${near}"`, at }];
    report.error('playbook/unknown-handler', term.at, `No handler is named "${text}" or listens to it`, help, related);
  }
}
