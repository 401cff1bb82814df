export interface AdHocTask {
  readonly pattern: string;
  readonly module: string;
  /** Free text, `name=value`, or a mapping in YAML or JSON that begins with a brace; absent for none. */
  readonly args?: string;
}

/** The path that diagnostics of an ad-hoc play name. */
export const adHocPath = '(command line)';

/** The playbook of one play and one task that an ad-hoc command stands for. */
export function playText({ pattern, module, args = '' }: AdHocTask): string {
  const isMapping = args.trimStart().startsWith('{') && !args.trimStart().startsWith('{{');
  const value = args.trim() === '' ? '' : isMapping ? ` ${args.trim()}` : ` ${JSON.stringify(args)}`;
  return [
    `- hosts: ${JSON.stringify(pattern)}`,
    '  gather_facts: false',
    '  tasks:',
    `    - ${JSON.stringify(module)}:${value.replaceAll('\n', '\n        ')}`,
    '',
  ].join('\n');
}
