import type { JsonObject } from '../core/value.ts';
import type { Content } from '../host/change.ts';

/** Inputs from the controller: a closed vocabulary. Paths are searched as Ansible does (role's files/ or templates/, the task's folder, the playbook's). */
export type Need =
  /** One file's bytes. */
  | {
      readonly kind: 'file';
      readonly src: string;
      /** An Ansible Vault file is decrypted unless this says false. */
      readonly decrypt?: false;
    }
  /** A file, or a folder with all below it. */
  | {
      readonly kind: 'tree';
      readonly src: string;
      readonly decrypt?: false;
      /** Symlinks are what they point at unless this says false; then they are in `links`. */
      readonly followLinks?: false;
    }
  /** A `.j2` file rendered with the task's variables. */
  | { readonly kind: 'template'; readonly src: string; readonly options: TemplateOptions }
  /** The YAML or JSON of a variables file. */
  | {
      readonly kind: 'vars';
      readonly src: string;
      /** `src` is a folder: the variables of all its files together. */
      readonly folder?: VarsFolder;
    };

/** Which files of a folder hold variables. */
export interface VarsFolder {
  /** How deep to go; 0 has no limit. */
  readonly depth: number;
  /** Without the dot. */
  readonly extensions: readonly string[];
  /** Pass over files of other extensions rather than fail. */
  readonly ignoreUnknown: boolean;
  /** Python's regular expressions of names to pass over. */
  readonly ignoreFiles: readonly string[];
  /** Python's regular expression of the names to read; all when absent. */
  readonly filesMatching?: string;
  /** Merge mappings that two files have; the later one replaces the earlier otherwise. */
  readonly merge: boolean;
}

export interface TemplateOptions {
  readonly trimBlocks: boolean;
  readonly lstripBlocks: boolean;
  readonly newlineSequence: '\n' | '\r\n' | '\r';
  /** Other signs than `{{ }}`, `{% %}` and `{# #}`. */
  readonly delimiters?: TemplateDelimiters;
}

export interface TemplateDelimiters {
  readonly variable?: readonly [begin: string, end: string];
  readonly block?: readonly [begin: string, end: string];
  readonly comment?: readonly [begin: string, end: string];
}

export interface FileInput {
  /** The path on the controller that the search found. */
  readonly path: string;
  /** Permission bits of the controller's file. */
  readonly mode: number;
  readonly content: Content;
  readonly sha1: string;
  readonly md5: string;
}
export interface TreeInput {
  readonly path: string;
  /** False for a single file. */
  readonly isDirectory: boolean;
  /** Paths relative to the folder, sorted, parents first. `src` of the files for a single file is its base name. */
  readonly directories: readonly { readonly path: string; readonly mode: number }[];
  readonly files: readonly (FileInput & { readonly relative: string })[];
  readonly links: readonly { readonly relative: string; readonly target: string }[];
}
export interface TemplateInput {
  readonly path: string;
  /** Permission bits of the controller's template. */
  readonly mode: number;
  readonly content: Content;
  readonly sha1: string;
  readonly md5: string;
}
export interface VarsInput {
  readonly path: string;
  /** The files of a folder, in the order they were read. */
  readonly files?: readonly string[];
  readonly vars: JsonObject;
}

export interface NeedTable {
  readonly file: FileInput;
  readonly tree: TreeInput;
  readonly template: TemplateInput;
  readonly vars: VarsInput;
}

/** The resolved inputs, addressed by the need that asked for them. */
export type Inputs = <const N extends Need>(need: N) => NeedTable[N['kind']];

/** A need, and what came of it. */
export interface Resolved {
  readonly need: Need;
  readonly input: NeedTable[Need['kind']];
}

/** By the JSON of the need. */
export type ResolvedInputs = ReadonlyMap<string, Resolved>;

/** The input that a need asked for; undefined where it was not named. */
export function inputOf<const N extends Need>(resolved: ResolvedInputs, need: N): NeedTable[N['kind']] | undefined {
  const found = resolved.get(JSON.stringify(need));
  return found !== undefined && resolves(found, need) ? found.input : undefined;
}

/** An input is of the kind of the need that it is stored with. */
function resolves<N extends Need>(
  found: Resolved,
  need: N,
): found is Resolved & { readonly input: NeedTable[N['kind']] } {
  return found.need.kind === need.kind;
}
