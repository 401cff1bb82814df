import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabGroup, LabHost } from './shape.ts';

/** Where the inventory of a lab lies, relative to the project: the lab named "lab" has the short name. */
export function inventoryPath(project: string, name: string): string {
  return join(project, 'inventory', name === 'lab' ? 'lab.yml' : `lab-${name}.yml`);
}

const head = (name: string): string => `# Written by "hlb lab up" for the lab "${name}"`;

/** Whether a file is the inventory that a lab wrote, and not one that a person put in its place. */
export function isInventoryOf(path: string, name: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8').startsWith(head(name));
}

export interface InventoryInput {
  readonly name: string;
  readonly provider: 'nspawn' | 'vagrant';
  readonly hosts: readonly LabHost[];
  readonly user: string;
  readonly key: (host: LabHost) => string;
  readonly knownHosts: string;
  readonly vip: string;
  readonly port?: (host: LabHost) => number;
  /** Where ssh reaches a host, where that is not its own address. */
  readonly reach?: (host: LabHost) => string;
  /** Variables of every host. */
  readonly vars: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

const groups: readonly LabGroup[] = ['control_plane', 'workers', 'balancers'];

const scalar = (value: string | number | boolean | readonly string[]): string =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value);

/** The inventory in Ansible's YAML form; a group that has no host is there and empty. */
export function inventoryText(input: InventoryInput): string {
  const lines = [
    `${head(input.name)} (${input.provider}); "hlb lab down" removes it.`,
    'all:',
    '  vars:',
    ...Object.entries({
      ansible_user: input.user,
      ansible_ssh_common_args: `-o UserKnownHostsFile=${input.knownHosts}`,
      lab_name: input.name,
      lab_provider: input.provider,
      lab_vip: input.vip,
      ...input.vars,
    }).map(([name, value]) => `    ${name}: ${scalar(value)}`),
    '  children:',
  ];
  for (const group of groups) {
    lines.push(`    ${group}:`);
    const members = input.hosts.filter((host) => host.group === group);
    lines.push(members.length === 0 ? '      hosts: {}' : '      hosts:');
    for (const host of members) {
      const vars: Record<string, string | number> = {
        ansible_host: input.reach?.(host) ?? host.address,
        ...(input.port === undefined ? {} : { ansible_port: input.port(host) }),
        ansible_ssh_private_key_file: input.key(host),
        node_address: host.address,
      };
      lines.push(`        ${host.name}:`);
      for (const [name, value] of Object.entries(vars)) lines.push(`          ${name}: ${scalar(value)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
