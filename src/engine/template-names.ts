import { hostname } from 'node:os';
import type { Value } from '../core/value.ts';
import type { Environment } from '../expr/api.ts';

/** What a template file may read beside the variables of its task. A variable `ansible_managed` takes the place of Ansible's words. */
export function withTemplateNames(env: Environment, src: string, path: string): Environment {
  const names = new Map<string, Value>([
    ['template_host', hostname()],
    ['template_path', src],
    ['template_fullpath', path],
  ]);
  return {
    ...env,
    resolve: (name) =>
      names.get(name) ?? env.resolve(name) ?? (name === 'ansible_managed' ? 'Ansible managed' : undefined),
    names: () => [...env.names(), ...names.keys(), 'ansible_managed'],
  };
}
