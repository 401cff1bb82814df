import { z } from 'zod';
import type { Source } from '../../../src/core/source.ts';
import type { Module } from '../../../src/module/define.ts';
import type { Registry } from '../../../src/module/registry.ts';
import { findKeyword, type Holder, type KeywordType } from '../../../src/playbook/keywords.ts';
import type { YamlEntry, YamlMapping, YamlNode, YamlScalar } from '../../../src/yaml/node.ts';
import { parseYaml } from '../../../src/yaml/parse.ts';
import { type CodeToken, readCode, readTags, type Tag } from './code.ts';

/** A place of a file that an operator can do something with. */
export type Site =
  | {
      readonly kind: 'entry';
      readonly entry: YamlEntry;
      readonly mapping: YamlMapping;
      readonly what: EntryKind;
      readonly isOfRole?: true;
    }
  /** `owner`: the key of what needs the entry. */
  | {
      readonly kind: 'required';
      readonly entry: YamlEntry;
      readonly mapping: YamlMapping;
      readonly owner: YamlScalar | undefined;
    }
  | { readonly kind: 'typed'; readonly entry: YamlEntry; readonly type: ValueType }
  | { readonly kind: 'enum'; readonly entry: YamlEntry }
  | { readonly kind: 'name'; readonly of: NameKind; readonly from: number; readonly to: number }
  | {
      readonly kind: 'token';
      readonly token: CodeToken;
      readonly from: number;
      readonly to: number;
      readonly call?: { readonly from: number; readonly to: number };
    }
  | { readonly kind: 'tag'; readonly tag: Tag; readonly from: number; readonly to: number; readonly open?: number }
  | { readonly kind: 'code'; readonly from: number; readonly to: number }
  | { readonly kind: 'quoted'; readonly node: YamlScalar; readonly isFree: boolean }
  | { readonly kind: 'mode'; readonly node: YamlScalar };

export type EntryKind = 'keyword' | 'parameter' | 'variable';
export type NameKind = 'module' | 'handler' | 'host group' | 'role' | 'file' | 'variable';
export type ValueType = 'boolean' | 'number' | 'text' | 'list' | 'mapping' | 'conditions';

const inclusions = ['include_tasks', 'import_tasks', 'include_role', 'import_role'];
const sections = ['tasks', 'pre_tasks', 'post_tasks', 'handlers', 'block', 'rescue', 'always'];
const conditions = ['when', 'until', 'changed_when', 'failed_when'];
/** What only people read. */
const free = ['name', 'fail_msg', 'success_msg', 'msg', 'prompt', 'label'];

/** Everything in a file of a playbook tree that can be got wrong. What kind of file it is, its folder says. */
export function sitesOf(source: Source, registry: Registry): readonly Site[] {
  if (source.path.endsWith('.j2')) return templateSites(source.text, (offset) => offset);
  const { root } = parseYaml(source);
  const sites: Site[] = [];
  const add = (...found: readonly Site[]): void => void sites.push(...found);
  if (root === undefined) return [];
  if (/\/(tasks|handlers)\//.test(source.path)) tasks(root);
  else if (/\/(defaults|vars)\//.test(source.path)) variables(root);
  else if (root.kind === 'sequence') root.items.forEach(play);
  return sites;

  function play(node: YamlNode): void {
    if (node.kind !== 'mapping') return;
    for (const entry of node.entries) {
      const { key, value } = entry;
      add({ kind: 'entry', entry, mapping: node, what: 'keyword' });
      if (key.text === 'hosts') {
        add({ kind: 'required', entry, mapping: node, owner: undefined });
        hostGroups(value);
      } else if (sections.includes(key.text)) tasks(value);
      else if (key.text === 'roles') roles(value);
      else keywordValue(entry, 'play');
    }
  }

  function roles(node: YamlNode): void {
    if (node.kind !== 'sequence') return;
    for (const item of node.items) {
      if (item.kind === 'scalar') add(whole('role', item));
      if (item.kind !== 'mapping') continue;
      for (const entry of item.entries) {
        const isVariable = findKeyword(entry.key.text) === undefined;
        add({ kind: 'entry', entry, mapping: item, what: isVariable ? 'variable' : 'keyword', isOfRole: true });
        if (entry.key.text === 'role') {
          if (item.entries.length > 1) add({ kind: 'required', entry, mapping: item, owner: undefined });
          if (entry.value.kind === 'scalar') add(whole('role', entry.value));
        } else if (isVariable) value(entry.value, false);
        else keywordValue(entry, 'role');
      }
    }
  }

  function tasks(node: YamlNode): void {
    if (node.kind !== 'sequence') return;
    for (const item of node.items) if (item.kind === 'mapping') task(item);
  }

  function task(node: YamlMapping): void {
    for (const entry of node.entries) {
      const { key } = entry;
      const module = registry.find(key.text);
      if (module === undefined && !inclusions.includes(key.text)) {
        add({ kind: 'entry', entry, mapping: node, what: 'keyword' });
        if (sections.includes(key.text)) tasks(entry.value);
        else keywordValue(entry, 'task');
        continue;
      }
      add(whole('module', key), { kind: 'required', entry, mapping: node, owner: undefined });
      if (module === undefined) inclusion(entry);
      else action(entry, module);
    }
  }

  function keywordValue(entry: YamlEntry, holder: Holder): void {
    const { key, value: node } = entry;
    const keyword = findKeyword(key.text);
    const type = keyword === undefined ? undefined : typeOfKeyword(keyword.type);
    if (type !== undefined) add({ kind: 'typed', entry, type });
    if (keyword?.values !== undefined) add({ kind: 'enum', entry });
    if (key.text === 'vars') return variables(node);
    if (key.text === 'notify') for (const one of scalars(node)) add(whole('handler', one));
    if (key.text === 'name' && holder === 'task' && source.path.includes('/handlers/') && node.kind === 'scalar')
      add(whole('handler', node));
    if (key.text === 'register' && node.kind === 'scalar') add(whole('variable', node));
    if (key.text === 'delegate_to' && node.kind === 'scalar' && !node.text.includes('{{'))
      add(whole('host group', node));
    if (conditions.includes(key.text)) for (const one of scalars(node)) expression(one);
    else if (node.kind === 'mapping')
      for (const inner of node.entries) nested(inner, node, free.includes(inner.key.text));
    else value(node, free.includes(key.text));
  }

  function nested(entry: YamlEntry, mapping: YamlMapping, isFree: boolean): void {
    add({ kind: 'entry', entry, mapping, what: 'keyword' });
    value(entry.value, isFree);
  }

  function inclusion({ key, value: node }: YamlEntry): void {
    const isRole = key.text.endsWith('role');
    if (node.kind === 'scalar') {
      if (!node.text.includes('{{')) add(whole('file', node));
      return value(node, false);
    }
    if (node.kind !== 'mapping') return;
    for (const entry of node.entries) {
      add({ kind: 'entry', entry, mapping: node, what: 'parameter' });
      if (['name', 'file'].includes(entry.key.text)) add({ kind: 'required', entry, mapping: node, owner: key });
      if (entry.value.kind === 'scalar' && ['name', 'file', 'tasks_from'].includes(entry.key.text))
        add(whole(isRole && entry.key.text === 'name' ? 'role' : 'file', entry.value));
      value(entry.value, false);
    }
  }

  function action({ key, value: node }: YamlEntry, module: Module): void {
    if (node.kind !== 'mapping') return value(node, true);
    const { properties = {}, required = [] } = z.toJSONSchema(module.params, { io: 'input', unrepresentable: 'any' });
    for (const entry of node.entries) {
      const name = Object.keys(properties).find(
        (one) => one === entry.key.text || aliases(properties[one]).includes(entry.key.text),
      );
      add({ kind: 'entry', entry, mapping: node, what: name === undefined ? 'variable' : 'parameter' });
      const type = typeOfSchema(name === undefined ? undefined : properties[name]);
      if (name !== undefined && required.includes(name)) add({ kind: 'required', entry, mapping: node, owner: key });
      if (type === 'enum') add({ kind: 'enum', entry });
      else if (type !== undefined) add({ kind: 'typed', entry, type });
      if (entry.key.text === 'mode' && entry.value.kind === 'scalar') add({ kind: 'mode', node: entry.value });
      if (
        entry.value.kind === 'scalar' &&
        ['src', 'template'].includes(entry.key.text) &&
        entry.value.text.endsWith('.j2')
      )
        add(whole('file', entry.value));
      if (entry.key.text === 'that') for (const one of scalars(entry.value)) expression(one);
      else value(entry.value, free.includes(entry.key.text) || type === 'text' || type === undefined);
    }
  }

  function variables(node: YamlNode): void {
    if (node.kind !== 'mapping') return;
    for (const entry of node.entries) {
      add({ kind: 'entry', entry, mapping: node, what: 'variable' });
      value(entry.value, true);
    }
  }

  function hostGroups(node: YamlNode): void {
    for (const one of scalars(node)) {
      for (const match of one.text.matchAll(/[A-Za-z_]\w*/g)) {
        const { start, end } = one.place(match.index, match.index + match[0].length);
        add({ kind: 'name', of: 'host group', from: start, to: end });
      }
    }
  }

  function value(node: YamlNode, isFree: boolean): void {
    for (const one of scalars(node)) {
      if (one.style === 'single' || one.style === 'double') add({ kind: 'quoted', node: one, isFree });
      if (typeof one.value !== 'string') continue;
      add(...templateSites(one.value, (offset) => one.place(offset, offset).start));
    }
  }

  function expression(node: YamlScalar): void {
    if (typeof node.value !== 'string') return;
    if (node.style === 'single' || node.style === 'double') add({ kind: 'quoted', node, isFree: false });
    add(...codeSites(node.value, 0, (offset) => node.place(offset, offset).start));
    add({ kind: 'code', from: node.place(0, 0).start, to: node.place(node.value.length, node.value.length).start });
  }
}

function whole(of: NameKind, node: YamlScalar): Site {
  const { start, end } = node.style === 'plain' ? node.at : { start: node.at.start + 1, end: node.at.end - 1 };
  return { kind: 'name', of, from: start, to: end };
}

function scalars(node: YamlNode): readonly YamlScalar[] {
  if (node.kind === 'scalar') return [node];
  return node.kind === 'sequence' ? node.items.flatMap(scalars) : node.entries.flatMap((entry) => scalars(entry.value));
}

function templateSites(text: string, place: (offset: number) => number): readonly Site[] {
  const opened: number[] = [];
  return readTags(text).flatMap((tag): readonly Site[] => {
    const word = /^\s*(\w+)/.exec(tag.code)?.[1] ?? '';
    const open = word.startsWith('end') ? opened.pop() : undefined;
    if (tag.kind === 'block' && ['if', 'for', 'macro', 'call', 'block'].includes(word)) opened.push(place(tag.from));
    return [
      { kind: 'tag', tag, from: place(tag.from), to: place(tag.to), ...(open === undefined ? {} : { open }) },
      ...codeSites(tag.code, tag.codeFrom, place),
    ];
  });
}

function codeSites(code: string, offset: number, place: (offset: number) => number): readonly Site[] {
  return readCode(code).map((token): Site => {
    const from = place(token.from + offset);
    const to = place(token.to + offset);
    const { call } = token;
    return call === undefined
      ? { kind: 'token', token, from, to }
      : { kind: 'token', token, from, to, call: { from: place(call.from + offset), to: place(call.to + offset) } };
  });
}

function typeOfKeyword(type: KeywordType): ValueType | undefined {
  switch (type) {
    case 'boolean':
    case 'literal-boolean':
      return 'boolean';
    case 'integer':
    case 'number':
    case 'percentage':
      return 'number';
    case 'conditions':
      return 'conditions';
    case 'text':
    case 'literal-text':
      return 'text';
    case 'texts':
    case 'literal-texts':
    case 'list':
    case 'entries':
      return 'list';
    case 'variables':
    case 'mapping':
      return 'mapping';
    case 'anything':
    case 'refused':
      return undefined;
  }
}

type JsonSchema = z.core.JSONSchema._JSONSchema;

/** What a parameter is above all: the first type of its schema. */
function typeOfSchema(schema: JsonSchema | undefined): ValueType | 'enum' | undefined {
  if (schema === undefined || typeof schema === 'boolean') return undefined;
  if (schema.enum !== undefined) return 'enum';
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === undefined) return typeOfSchema(schema.anyOf?.[0]);
  const kinds: Readonly<Record<string, ValueType>> = {
    boolean: 'boolean',
    number: 'number',
    integer: 'number',
    string: 'text',
    array: 'list',
    object: 'mapping',
  };
  return kinds[type];
}

function aliases(schema: JsonSchema | undefined): readonly string[] {
  const found = typeof schema === 'object' ? schema['aliases'] : undefined;
  return Array.isArray(found) ? found.map(String) : [];
}
