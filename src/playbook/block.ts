import type { YamlMapping } from '../yaml/node.ts';
import { checkKeys, type Fields, fieldsOf, refuseKeywords } from './fields.ts';
import { inherit } from './inherit.ts';
import { ownKeywords } from './own-keywords.ts';
import { readRolling } from './rolling.ts';
import { nameOf, originOf, readDisrupts, readNotify } from './task.ts';
import type { Block, Entry } from './tree.ts';
import type { Readers, Where } from './where.ts';

/** A block; its keywords are handed down to what is in it. */
export function readBlock(where: Where, node: YamlMapping, read: Readers): readonly Entry[] {
  const { loading } = where;
  const fields = fieldsOf(node);
  refuseKeywords(loading, fields);
  checkKeys(loading, fields, 'block', ['debugger']);
  const name = nameOf(where, fields);
  const inside = insideOfBlock(where, fields);
  if (fields.get('block') === undefined) {
    const [first] = fields.entries.values();
    loading.report.error(
      'playbook/no-block',
      first?.key.at ?? node.at,
      'rescue and always belong to a block, and this has none',
      'Add "block:" with the tasks that they are for',
    );
  }
  const list = (key: 'block' | 'rescue' | 'always'): readonly Entry[] =>
    read.entries({ ...inside, id: `${where.id}/${key}` }, fields.get(key), key);
  const rolling = fields.get('rolling');
  const block: Block = {
    kind: 'block',
    id: where.id,
    at: node.at,
    ...(name === undefined ? {} : { name }),
    entries: list('block'),
    rescue: list('rescue'),
    always: list('always'),
    ...(rolling === undefined ? {} : readRolling(loading, rolling)),
  };
  return [block];
}

/** Where the tasks of a block stand. */
export function insideOfBlock(where: Where, fields: Fields): Where {
  const own = ownKeywords(where.loading, fields, 'block', originOf('block', nameOf(where, fields)));
  return {
    ...where,
    inherited: {
      keywords: inherit(where.inherited.keywords, own),
      notify: [...where.inherited.notify, ...readNotify(where, fields)],
      disrupts: readDisrupts(where, fields) ?? where.inherited.disrupts,
    },
  };
}
