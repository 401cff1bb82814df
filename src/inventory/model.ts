import type { Variables } from '../vars/term.ts';

/** Hosts and groups, with their variables as written. Immutable; add_host and group_by make another. */
export interface Inventory {
  /** In the order of their first appearance. */
  readonly hosts: ReadonlyMap<string, InventoryHost>;
  /** Always has `all` and `ungrouped`. */
  readonly groups: ReadonlyMap<string, InventoryGroup>;
  /** The files and folders it was read from. */
  readonly sources: readonly string[];
  /** group_vars/ and host_vars/ of names that are not there yet; add_host and group_by take them from here. */
  readonly spare?: {
    readonly groups: ReadonlyMap<string, readonly Variables[]>;
    readonly hosts: ReadonlyMap<string, readonly Variables[]>;
    /** For each place the folder of the playbooks that alone see it; absent where all do. */
    readonly playbooks?: readonly (string | undefined)[];
  };
}

export interface InventoryHost {
  readonly name: string;
  /** Direct groups, in Ansible's order. */
  readonly groups: readonly string[];
  /** The inventory's own, then host_vars/ beside each source and playbook: the same places in each host and group, weakest first. */
  readonly vars: readonly Variables[];
}

export interface InventoryGroup {
  readonly name: string;
  readonly children: readonly string[];
  readonly hosts: readonly string[];
  /** As for hosts, with group_vars/. */
  readonly vars: readonly Variables[];
  /** `ansible_group_priority`. */
  readonly priority: number;
}
