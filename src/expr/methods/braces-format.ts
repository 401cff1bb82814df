import { fail } from '../runtime/failure.ts';
import { formatValue } from '../runtime/format-spec.ts';
import { repr, toText } from '../runtime/text.ts';
import { type Dict, type List, or, type Runtime, type Val } from '../runtime/value.ts';

const fieldName = /^([^.[\]]*)((?:\.[^.[\]]+|\[[^\]]+\])*)$/;

/** Python's `text.format(*args, **named)`; fields reach what templates reach and nothing more. */
export function bracesFormat(text: string, args: List, named: Dict, rt: Runtime): string {
  let automatic = 0;
  return expand(text, 2);

  function expand(format: string, depth: number): string {
    let out = '';
    for (let at = 0; at < format.length; ) {
      const char = format[at] ?? '';
      if (char !== '{' && char !== '}') {
        out += char;
        at++;
      } else if (format[at + 1] === char) {
        out += char;
        at += 2;
      } else if (char === '}') {
        return fail('value', 'The format has a "}" that nothing opened', 'Write "}}" for the character itself');
      } else {
        const end = closing(format, at);
        out += field(format.slice(at + 1, end), depth);
        at = end + 1;
      }
    }
    return out;
  }

  function field(inner: string, depth: number): string {
    if (depth === 0) return fail('value', 'The format is nested too deeply');
    const [, name = '', conversion, spec = ''] =
      /^([^!:]*(?:\[[^\]]*\][^!:]*)*)(?:!([rsa]))?(?::([\s\S]*))?$/.exec(inner) ??
      fail('value', `Invalid field "{${inner}}"`);
    const value = lookUp(name);
    const converted = conversion === undefined ? value : conversion === 's' ? toText(value) : repr(value);
    return formatValue(converted, spec.includes('{') ? expand(spec, depth - 1) : spec, rt);
  }

  function lookUp(name: string): Val {
    const [, first = '', path = ''] = fieldName.exec(name) ?? fail('value', `Invalid field "{${name}}"`);
    let value = start(first);
    for (const [, dotted, indexed] of path.matchAll(/\.([^.[\]]+)|\[([^\]]+)\]/g)) {
      if (dotted !== undefined) value = rt.attribute(value, dotted);
      else if (indexed !== undefined) value = rt.item(value, /^\d+$/.test(indexed) ? BigInt(indexed) : indexed);
    }
    return value;
  }

  function start(first: string): Val {
    if (first !== '' && !/^\d+$/.test(first))
      return or(named.get(first), () => fail('value', `The format names "${first}", which is not given`));
    const at = first === '' ? automatic++ : Number(first);
    return or(args[at], () => fail('value', `The format asks for argument ${at}, which is not given`));
  }
}

function closing(format: string, from: number): number {
  let depth = 0;
  for (let at = from; at < format.length; at++) {
    if (format[at] === '{') depth++;
    else if (format[at] === '}' && --depth === 0) return at;
  }
  return fail('value', 'The format has a "{" that nothing closes', 'Write "{{" for the character itself');
}
