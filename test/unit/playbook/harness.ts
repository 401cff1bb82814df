import { normalize } from 'node:path';
import { expect } from 'vitest';
import type { Diagnostic } from '../../../src/core/diagnostic.ts';
import { placeText } from '../../../src/core/source.ts';
import type { Value } from '../../../src/core/value.ts';
import { createRegistry } from '../../../src/module/registry.ts';
import { builtinModules } from '../../../src/modules/registry.ts';
import type { Files } from '../../../src/playbook/files.ts';
import { loadPlaybooks } from '../../../src/playbook/load.ts';
import type { LoadOptions } from '../../../src/playbook/loading.ts';
import type { Entry, Include, Play, Task } from '../../../src/playbook/tree.ts';
import { constantOf } from '../../../src/vars/constant.ts';
import type { Term } from '../../../src/vars/term.ts';

export const registry = createRegistry(builtinModules);

/** Files of a text each, by path. */
export function filesOf(texts: Readonly<Record<string, string>>): Files {
  const paths = new Map(Object.entries(texts).map(([path, text]) => [normalize(path), text]));
  const inside = (path: string): readonly string[] => {
    const prefix = normalize(path) === '.' ? '' : `${normalize(path)}/`;
    const below = [...paths.keys()].filter((one) => one.startsWith(prefix) && (prefix !== '' || !one.startsWith('/')));
    return [...new Set(below.map((one) => one.slice(prefix.length).split('/')[0] ?? ''))].sort();
  };
  return {
    readFile: (path) => paths.get(normalize(path)),
    exists: (path) => paths.has(normalize(path)) || inside(path).length > 0,
    list: inside,
  };
}

export interface Given extends Partial<LoadOptions> {
  readonly files?: Readonly<Record<string, string>> | undefined;
}

export function optionsOf(given: Given = {}): LoadOptions {
  const { files = {}, ...rest } = given;
  return { registry, extraVarNames: [], rolesPaths: [], ...filesOf(files), ...rest };
}

/** Loads `site.yml` of this text, with other files beside it. */
export function load(text: string, given: Given = {}) {
  return loadPlaybooks(['site.yml'], optionsOf({ ...given, files: { ...given.files, 'site.yml': text } }));
}

/** `site.yml:3:5 playbook/x: message (help)` of each. */
export function lines(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ at, code, severity, message, help }) => {
    const place = at === undefined ? '' : `${placeText(at)} `;
    return `${place}${severity === 'error' ? '' : 'warning '}${code}: ${message}${help === undefined ? '' : ` (${help})`}`;
  });
}

/** What is said of a playbook. */
export function said(text: string, given: Given = {}): readonly string[] {
  return lines(load(text, given).diagnostics);
}

/** The plays of a playbook in which nothing is wrong. */
export function plays(text: string, given: Given = {}): readonly Play[] {
  const { playbooks, diagnostics } = load(text, given);
  expect(lines(diagnostics)).toEqual([]);
  return playbooks.flatMap((one) => one.plays);
}

export function play(text: string, given: Given = {}): Play {
  const [first] = plays(text, given);
  if (first === undefined) throw new Error('There is no play');
  return first;
}

/** All tasks of a play, in the order they stand. */
export function tasksOf(one: Play): readonly Task[] {
  return one.sections.flatMap((section) => tasksBelow(section.entries));
}

export function tasksBelow(entries: readonly Entry[]): readonly Task[] {
  return entries.flatMap((entry) => {
    if (entry.kind === 'task') return [entry];
    return entry.kind === 'block' ? tasksBelow([...entry.entries, ...entry.rescue, ...entry.always]) : [];
  });
}

/** The tasks of a play with these tasks, which nothing is wrong with. */
export function tasks(text: string, given: Given = {}): readonly Task[] {
  return tasksOf(play(`- hosts: all\n  tasks:\n${indent(text)}`, given));
}

/** The first of them. */
export function task(text: string, given: Given = {}): Task {
  const [first] = tasks(text, given);
  if (first === undefined) throw new Error('There is no task');
  return first;
}

export function firstInclude(one: Play): Include {
  const found = one.sections.flatMap((section) => section.entries).find((entry) => entry.kind === 'include');
  if (found?.kind !== 'include') throw new Error('There is no include');
  return found;
}

export function indent(text: string, by = 4): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}

/** A literal term's value, a template's or expression's text. */
export function shown(term: Term | undefined): Value | undefined {
  if (term === undefined) return undefined;
  if (term.kind === 'template') return term.template.text;
  if (term.kind === 'expression') return `= ${term.expression.text}`;
  if (term.kind === 'list') return term.items.map((item) => shown(item) ?? null);
  return constantOf(term);
}

/** The arguments of a task, each as `shown`. */
export function argsOf(one: Task): unknown {
  if (one.args.kind === 'dynamic') return shown(one.args.term);
  return Object.fromEntries([...one.args.entries].map(([name, term]) => [name, shown(term)]));
}
