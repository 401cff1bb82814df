import type { Diagnostic } from '../../core/diagnostic.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { problem } from '../problem.ts';
import { createAsk } from '../prompt.ts';
import type { System } from '../system.ts';
import { readContent, standardStream } from './content.ts';
import { endCommand } from './end-command.ts';
import { seal } from './files.ts';
import type { EncryptStringOptions } from './options.ts';
import { encryptingPassword } from './secrets.ts';
import { writeContents } from './write-content.ts';

interface Plain {
  readonly name: string | undefined;
  readonly text: Buffer;
  readonly from: string;
}

/** `hlb vault encrypt-string`: YAML of a `!vault` value for each text. */
export async function encryptString(
  texts: readonly string[],
  options: EncryptStringOptions,
  system: System,
): Promise<number> {
  const password = await encryptingPassword(options, system);
  if (!password.ok) return endCommand([password.error], options, system);
  const plain = await plainTexts(texts, options, system);
  if (!plain.ok) return endCommand([plain.error], options, system);
  const several = plain.value.length > 1;
  const blocks = plain.value.map(({ name, text, from }) => {
    if (several) system.err.write(`# ${name === undefined ? 'A text' : `"${name}"`} from ${from}\n`);
    return block(name, seal(text, password.value));
  });
  const written = { name: standardStream, content: blocks.join('') };
  return endCommand(writeContents([written], { output: options.output, wipes: false }, system), options, system);
}

/** Indented as ansible-vault does it, so that a block can stand below a name at any depth that people use. */
function block(name: string | undefined, vault: string): string {
  const body = vault.trimEnd().replaceAll(/^/gm, ' '.repeat(10));
  return `${name === undefined ? '' : `${name}: `}!vault |\n${body}\n`;
}

/** In Ansible's order: what is typed, what stands on stdin, what stands on the command line. */
async function plainTexts(
  texts: readonly string[],
  { name: names = [], stdinName, prompt, showInput }: EncryptStringOptions,
  system: System,
): Promise<Result<readonly Plain[], Diagnostic>> {
  const found: Plain[] = [];
  const given = texts.filter((text) => text !== standardStream);
  if (prompt === true) {
    const ask = createAsk(system);
    const name = await ask('Name of the variable (none if empty):', true);
    const text = await ask('Text to encrypt:', showInput === true);
    if (text === undefined)
      return err(problem('cli/no-terminal', '--prompt asks for a text, and there is no terminal', 'Give it on stdin'));
    found.push({ name: name === '' ? undefined : name, text: Buffer.from(text), from: 'the terminal' });
  } else if (texts.includes(standardStream) || stdinName !== undefined || given.length === 0) {
    if (system.canAsk) system.err.write('Reading the text from stdin; Ctrl-D ends it\n');
    const read = await readContent(standardStream, system);
    if (!read.ok) return read;
    found.push({ name: stdinName, text: read.value, from: 'stdin' });
  }
  for (const [index, text] of given.entries())
    found.push({ name: names[index], text: Buffer.from(text), from: 'the command line' });
  const empty = found.find(({ text }) => text.length === 0);
  return empty === undefined
    ? ok(found)
    : err(problem('cli/vault-text', `The text from ${empty.from} is empty, so there is nothing to encrypt`));
}
