import { dirname, normalize } from 'node:path';
import { parseYaml } from '../yaml/parse.ts';
import { type Files, folderOf, resolvePath } from './files.ts';
import { scalarText } from './values.ts';

/** The folders of playbooks and of those that they import by literal names: beside them group_vars/ and host_vars/ may lie. */
export function playbookFolders(paths: readonly string[], { readFile }: Pick<Files, 'readFile'>): readonly string[] {
  const seen = new Set<string>();
  const visit = (path: string): void => {
    const known = normalize(path);
    if (seen.has(known)) return;
    seen.add(known);
    const text = readFile(path);
    if (text?.includes('import_playbook') !== true) return;
    const { root } = parseYaml({ path, text });
    for (const play of root?.kind === 'sequence' ? root.items : []) {
      const found =
        play.kind === 'mapping'
          ? play.entries.find(({ key }) => /^(ansible\.(builtin|legacy)\.)?import_playbook$/.test(scalarText(key)))
          : undefined;
      if (found?.value.kind === 'scalar') visit(resolvePath(folderOf(path), scalarText(found.value)));
    }
  };
  paths.forEach(visit);
  return [...new Set([...paths.map(dirname), ...[...seen].map(dirname)])];
}
