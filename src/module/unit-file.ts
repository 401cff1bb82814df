import { z } from 'zod';
import { singleText, text } from './params.ts';

const suffix = /\.(service|socket|target|timer|mount|automount|swap|path|slice|scope|device)$/;

/** A unit's name; one without a suffix is a service. */
export function unitName() {
  return text()
    .refine((name) => /^[A-Za-z0-9:_.@\\-]+$/.test(name), {
      error: 'Expected the name of a unit, such as kubelet.service',
    })
    .transform(withSuffix);
}

export function withSuffix(name: string): string {
  return suffix.test(name) ? name : `${name}.service`;
}

/** Sections of a unit file: settings with one value, or several. */
export function unitSections() {
  const value = z.union([singleText(), z.array(singleText()).min(1)], {
    error: 'Expected a text, a number, a boolean or a list of them',
  });
  return z.record(
    z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/),
    z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/), value),
    {
      error: (issue) => (issue.input === undefined ? 'Required' : 'Expected sections with their settings'),
    },
  );
}

export type UnitSections = z.output<ReturnType<typeof unitSections>>;

/** Long lines may go on after a backslash, so a line end in a value becomes one. */
export function unitFileText(sections: UnitSections): string {
  return Object.entries(sections)
    .map(([name, settings]) => {
      const lines = Object.entries(settings).flatMap(([key, value]) =>
        (typeof value === 'string' ? [value] : value).map((one) => `${key}=${valueText(one)}\n`),
      );
      return `[${name}]\n${lines.join('')}`;
    })
    .join('\n');
}

function valueText(value: string): string {
  if (value === 'True') return 'true';
  if (value === 'False') return 'false';
  return value.replace(/\n+$/, '').replaceAll('\n', ' \\\n  ');
}
