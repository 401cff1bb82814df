import type { Redactor } from '../../core/redact.ts';
import type { Files } from '../../playbook/files.ts';
import { type Decrypt, isVaultText } from '../../vars/vault.ts';
import type { YamlNode } from '../../yaml/node.ts';
import { parseYaml } from '../../yaml/parse.ts';

/** The same files, those that are vaults as a whole opened, and every text in them registered as a secret. */
export function openedFiles(files: Files, decrypt: Decrypt | undefined, redactor: Redactor): Files {
  if (decrypt === undefined) return files;
  return {
    ...files,
    readFile: (path) => {
      const text = files.readFile(path);
      if (text === undefined || !isVaultText(text)) return text;
      const opened = decrypt(text, { source: { path, text }, start: 0, end: 0 });
      if (!opened.ok) return text;
      for (const secret of textsIn(parseYaml({ path, text: opened.value }).root)) redactor.register(secret);
      return opened.value;
    },
  };
}

function textsIn(node: YamlNode | undefined): readonly string[] {
  if (node === undefined) return [];
  if (node.kind === 'scalar') return typeof node.value === 'string' ? [node.value] : [];
  return node.kind === 'sequence' ? node.items.flatMap(textsIn) : node.entries.flatMap(({ value }) => textsIn(value));
}
