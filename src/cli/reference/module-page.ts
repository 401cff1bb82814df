import { metaOf } from '../../module/arguments.ts';
import type { Module } from '../../module/define.ts';
import type { Guard } from '../../module/guard.ts';
import { type Parameter, parametersOf } from '../../module/params-schema.ts';
import type { Page, Part } from './page.ts';

export function modulePage(module: Module): Page {
  const { name, summary, aliases = [], freeForm, examples } = module;
  const parameters = parametersOf(module);
  const returns = Object.entries(module.returns.shape).map(([field, schema]) => [
    `\`${field}\``,
    descriptionOf(schema),
  ]);
  return {
    title: name,
    parts: [
      { kind: 'text', text: `${summary}.` },
      ...(aliases.length === 0
        ? []
        : [{ kind: 'text', text: `Also ${aliases.map((alias) => `\`${alias}\``).join(', ')}.` } as const]),
      ...(freeForm === undefined ? [] : [{ kind: 'text', text: `Free text stands for \`${freeForm}\`.` } as const]),
      ...parameterParts(parameters),
      ...(returns.length === 0
        ? []
        : ([
            { kind: 'heading', text: 'Returns' },
            { kind: 'table', head: ['name', 'meaning'], rows: returns },
          ] as const)),
      { kind: 'heading', text: 'Examples' },
      { kind: 'code', language: 'yaml', text: examples.map(asTask).join('') },
    ],
  };
}

export function guardPage({ name, summary, params, examples }: Guard): Page {
  const parameters = parametersOf({ params });
  return {
    title: name,
    parts: [
      { kind: 'text', text: `${summary}.` },
      ...parameterParts(parameters),
      { kind: 'heading', text: 'Examples' },
      { kind: 'code', language: 'text', text: examples.map((one) => `${one.trimEnd()}\n`).join('') },
    ],
  };
}

function parameterParts(parameters: readonly Parameter[]): readonly Part[] {
  if (parameters.length === 0) return [];
  return [
    { kind: 'heading', text: 'Parameters' },
    { kind: 'table', head: ['name', 'takes', 'meaning'], rows: parameters.map(parameterRow) },
  ];
}

function parameterRow({ name, aliases, description, required, type, default: fallback }: Parameter): readonly string[] {
  const names = [name, ...aliases].map((one) => `\`${one}\``).join(', ');
  const isNothing = fallback === undefined || JSON.stringify(fallback) === '[]';
  const more = required ? '; required' : isNothing ? '' : `; \`${JSON.stringify(fallback)}\` by default`;
  return [names, `${type}${more}`, description];
}

/** Examples are tasks, some of them without their dash. */
function asTask(text: string): string {
  const lines = text.trimEnd().split('\n');
  if (lines[0]?.startsWith('- ') === true) return `${lines.join('\n')}\n`;
  return `${lines.map((line, index) => (line === '' ? '' : `${index === 0 ? '- ' : '  '}${line}`)).join('\n')}\n`;
}

function descriptionOf(schema: unknown): string {
  const description = metaOf(schema)?.['description'];
  return typeof description === 'string' ? description : '';
}
