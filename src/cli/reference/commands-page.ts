import type { Command } from 'commander';
import type { Page, Part } from './page.ts';

/** The command line, as the help of each command says it. */
export function commandsPage(program: Command): Page {
  const all = program.commands.flatMap((command) =>
    command.commands.length === 0 ? [command] : [command, ...command.commands],
  );
  return { title: 'Command line', parts: all.flatMap(commandParts) };
}

function commandParts(command: Command): readonly Part[] {
  const parent =
    command.parent?.parent === null || command.parent?.parent === undefined ? '' : `${command.parent.name()} `;
  const options = command.options.map(({ flags, description, defaultValue }) => [
    `\`${flags}\``,
    `${description}${defaultText(defaultValue)}`,
  ]);
  const args = command.registeredArguments.map((argument) => [
    `\`${argument.name()}\``,
    `${argument.description}${defaultText(argument.defaultValue)}`,
  ]);
  return [
    { kind: 'heading', text: `hlb ${parent}${command.name()}` },
    { kind: 'text', text: `${upperFirst(command.description())}.` },
    ...(args.length === 0 ? [] : [{ kind: 'table', head: ['argument', 'meaning'], rows: args } as const]),
    ...(options.length === 0 ? [] : [{ kind: 'table', head: ['option', 'meaning'], rows: options } as const]),
  ];
}

function defaultText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? ` (\`${value}\` by default)` : '';
}

function upperFirst(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
