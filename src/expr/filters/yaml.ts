import { defineFilter, type Filter } from '../define.ts';
import { dumpYaml, type YamlStyle } from '../python/yaml-dump.ts';
import { loadAllYaml, loadYaml } from '../python/yaml-load.ts';
import { asCountOrNone, asFlag } from '../runtime/coerce.ts';
import { known } from '../runtime/force.ts';
import { optional } from '../runtime/signature.ts';
import type { Params, Val } from '../runtime/value.ts';

const dumpParams = (indent: Val, flow: Val): Params => [
  optional('indent', indent),
  optional('default_flow_style', flow),
  optional('sort_keys', true),
  optional('width'),
  optional('explicit_start', false),
  optional('explicit_end', false),
];

export const yamlFilters: readonly Filter[] = [
  defineFilter({
    name: 'to_yaml',
    summary: 'Writes the value as YAML, inner lists and dicts of scalars in brackets',
    params: dumpParams(null, null),
    run: (value, args) => dumpYaml(value, styleOf(args)),
  }),
  defineFilter({
    name: 'to_nice_yaml',
    summary: 'Writes the value as YAML, every item on a line of its own',
    params: dumpParams(4n, false),
    run: (value, args) => dumpYaml(value, styleOf(args)),
  }),
  defineFilter({
    name: 'from_yaml',
    summary: 'Reads a text as YAML',
    run(value) {
      const text = known(value);
      return typeof text === 'string' ? loadYaml(text) : text;
    },
  }),
  defineFilter({
    name: 'from_yaml_all',
    summary: 'Reads a text as several YAML documents',
    run(value) {
      const text = known(value);
      if (text === null) return [];
      return typeof text === 'string' ? loadAllYaml(text) : text;
    },
  }),
];

/** Widths and indents out of range become PyYAML's own. */
function styleOf([indent, flow, sortKeys, width, start, end]: readonly Val[]): YamlStyle {
  const by = asCountOrNone(indent, 'The indent') ?? 2;
  const columns = asCountOrNone(width, 'The width') ?? 80;
  const step = by >= 2 && by <= 9 ? by : 2;
  const flowing = known(flow);
  return {
    indent: step,
    width: columns > step * 2 ? columns : columns < 0 ? Infinity : 80,
    sortKeys: asFlag(sortKeys),
    flow: flowing === null ? 'leaves' : asFlag(flowing) ? 'always' : 'never',
    explicitStart: asFlag(start),
    explicitEnd: asFlag(end),
  };
}
