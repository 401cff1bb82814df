import type { OutputOptions, VaultInput } from '../option-values.ts';

export interface VaultOptions extends VaultInput, OutputOptions {
  /** The label of the password to encrypt with. */
  readonly encryptVaultId?: string;
  /** A file, or "-" for stdout. */
  readonly output?: string;
}

export interface RekeyOptions extends VaultOptions {
  readonly newVaultId?: string;
  readonly newVaultPasswordFile?: string;
}

export interface EncryptStringOptions extends VaultOptions {
  readonly name?: readonly string[];
  readonly stdinName?: string;
  readonly prompt?: true;
  readonly showInput?: true;
}
