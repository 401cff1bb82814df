import type { Command } from 'commander';
import type { End } from '../end.ts';
import { addOutputOptions, addVaultOptions, collect } from '../option-values.ts';
import type { System } from '../system.ts';
import type { EncryptStringOptions, RekeyOptions, VaultOptions } from '../vault/options.ts';

const labelOption = ['--encrypt-vault-id <label>', 'which password encrypts, where several are given'] as const;
const outputOption = ['--output <file>', 'write there instead of over the input; "-" is stdout'] as const;

export function addVault(program: Command, system: System, end: End): void {
  const vault = program
    .command('vault')
    .description(
      "encrypt, show and edit secrets in Ansible Vault's format; without --vault-… the password is asked for",
    );
  const add = (name: string, description: string): Command =>
    addOutputOptions(addVaultOptions(vault.command(name).description(description)));
  add('encrypt', 'encrypt files, or stdin')
    .argument('[files...]', 'files to encrypt in place')
    .option(...labelOption)
    .option(...outputOption)
    .action(async (names: string[], options: VaultOptions, command: Command) => {
      oneInput(names, options, command);
      end(await (await import('../vault/files.ts')).encrypt(names, options, system));
    });
  add('decrypt', 'decrypt files, or stdin')
    .argument('[files...]', 'files to decrypt in place')
    .option(...outputOption)
    .action(async (names: string[], options: VaultOptions, command: Command) => {
      oneInput(names, options, command);
      end(await (await import('../vault/files.ts')).decrypt(names, options, system));
    });
  add('view', 'print what is in encrypted files')
    .argument('<files...>', 'encrypted files')
    .action(async (names: string[], options: VaultOptions) =>
      end(await (await import('../vault/files.ts')).view(names, options, system)),
    );
  add('edit', 'change encrypted files in $EDITOR')
    .argument('<files...>', 'encrypted files')
    .action(async (names: string[], options: VaultOptions) =>
      end(await (await import('../vault/edit.ts')).edit(names, options, system)),
    );
  add('create', 'write a new encrypted file in $EDITOR')
    .argument('<file>', 'a file that is not there yet')
    .option(...labelOption)
    .action(async (name: string, options: VaultOptions) =>
      end(await (await import('../vault/edit.ts')).create(name, options, system)),
    );
  add('rekey', 'give encrypted files another password')
    .argument('<files...>', 'encrypted files')
    .option('--new-vault-id <label@source>', 'the new password and its label')
    .option('--new-vault-password-file <file>', 'the new password, or a program that prints it')
    .action(async (names: string[], options: RekeyOptions, command: Command) => {
      if (options.newVaultId !== undefined && options.newVaultPasswordFile !== undefined)
        command.error('error: expected one of --new-vault-id and --new-vault-password-file');
      end(await (await import('../vault/files.ts')).rekey(names, options, system));
    });
  add('encrypt-string', 'print texts as encrypted YAML values, to paste into a file of variables')
    .alias('encrypt_string')
    .argument('[texts...]', 'texts; without one, or for "-", stdin. Other users of the machine can see arguments')
    .option('-n, --name <name>', 'the variable of a text, in the order of the texts; repeatable', collect)
    .option('--stdin-name <name>', 'the variable of the text on stdin')
    .option('-p, --prompt', 'ask for a name and a text')
    .option('--show-input', 'with --prompt: show the text while it is typed')
    .option(...labelOption)
    .option(...outputOption)
    .action(async (texts: string[], options: EncryptStringOptions, command: Command) => {
      const wantsStdin = texts.includes('-') || options.stdinName !== undefined;
      if (options.prompt === true && wantsStdin) command.error('error: --prompt and stdin cannot both be read');
      const given = texts.filter((text) => text !== '-').length;
      if ((options.name?.length ?? 0) > given)
        command.error(`error: --name is given ${options.name?.length ?? 0} times for ${given} texts`);
      end(await (await import('../vault/encrypt-string.ts')).encryptString(texts, options, system));
    });
}

function oneInput(names: readonly string[], { output }: VaultOptions, command: Command): void {
  if (output !== undefined && names.length > 1) command.error('error: --output takes one input');
}
