import { type Command, InvalidArgumentError, Option } from 'commander';
import { diagnosticFormats } from '../core/diagnostic-text.ts';

/** For options that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** `a,b` once or several times. */
export function collectList(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').filter((one) => one !== '')];
}

/** `-v`, `-vv`. */
export function count(_value: unknown, before = 0): number {
  return before + 1;
}

export function positiveInteger(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('Expected a whole number from 1.');
  return Number(value);
}

export function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(value);
}

/** What all commands that read playbooks or inventories take. */
export function addInputOptions(command: Command): Command {
  return addInventoryOptions(command).option(
    '-e, --extra-vars <vars>',
    'variables over all others: k=v, YAML or JSON, or @file; repeatable',
    collect,
  );
}

export function addInventoryOptions(command: Command): Command {
  return addVaultOptions(
    command
      .optionsGroup('Inventory:')
      .option('-i, --inventory <path>', 'a file, a folder, a program, or a list such as "h1,h2,"; repeatable', collect),
  );
}

export function addVaultOptions(command: Command): Command {
  return command
    .option(
      '--vault-id <label@source>',
      'a labelled password of vaults: a file, a program, or prompt; repeatable',
      collect,
    )
    .option('--vault-password-file <file>', 'a password of vaults, or a program that prints it; repeatable', collect)
    .option('--ask-vault-pass', 'ask for a password of vaults');
}

export function addOutputOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', 'how mistakes in the input are written')
        .choices(diagnosticFormats)
        .default('text'),
    )
    .option('--no-color', 'no colors, as with NO_COLOR set or where the output is no terminal');
}

/** What opens vaults; every command that reads an inventory or a playbook takes it. */
export interface VaultInput {
  /** `label@source`: a file, a program, or `prompt`. */
  readonly vaultId?: readonly string[];
  readonly vaultPasswordFile?: readonly string[];
  readonly askVaultPass?: true;
}

export interface InventoryInput extends VaultInput {
  readonly inventory?: readonly string[];
}

export interface InputOptions extends InventoryInput {
  readonly extraVars?: readonly string[];
}

export interface OutputOptions {
  readonly format: (typeof diagnosticFormats)[number];
  readonly color: boolean;
}
