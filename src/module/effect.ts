import type { JsonObject } from '../core/value.ts';

/** What a module asks the controller to do: the third closed vocabulary. */
export type Effect =
  /** Variables of this host from here on; `facts` bear the prefix `ansible_`, `named_facts` do not. */
  | {
      readonly kind: 'set-facts';
      readonly facts: JsonObject;
      readonly as: 'set_fact' | 'facts' | 'named_facts' | 'include_vars';
    }
  | { readonly kind: 'add-host'; readonly name: string; readonly groups: readonly string[]; readonly vars: JsonObject }
  | { readonly kind: 'group-by'; readonly key: string; readonly parents: readonly string[] }
  /** Waits; `prompt` asks the operator. */
  | { readonly kind: 'pause'; readonly ms?: number; readonly prompt?: string; readonly echo: boolean }
  /** Connects anew again and again until the host answers. */
  | {
      readonly kind: 'await-connection';
      readonly delayMs: number;
      readonly intervalMs: number;
      readonly timeoutMs: number;
    }
  /** A file of the host onto the controller; a relative path begins at the playbook. */
  | { readonly kind: 'save-file'; readonly remotePath: string; readonly localPath: string; readonly sha256: string };
