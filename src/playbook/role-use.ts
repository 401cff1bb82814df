import type { Location } from '../core/source.ts';
import type { Variables } from '../vars/term.ts';
import { variablesOf } from '../vars/variables.ts';
import type { YamlMapping, YamlNode, YamlScalar } from '../yaml/node.ts';
import { earlyText } from './early-text.ts';
import { fieldsOf, refuseKeywords } from './fields.ts';
import type { Disruption, OwnKeywords } from './inherit.ts';
import { keywordsOf } from './keywords.ts';
import { oneSlipAway } from '../core/near.ts';
import { ownKeywords } from './own-keywords.ts';
import { roleKey } from './role-key.ts';
import { findCollectionRole, findRole, reportNoRole } from './role-files.ts';
import { readRolling } from './rolling.ts';
import { readDisrupts } from './task.ts';
import type { Rolling } from './tree.ts';
import { scalarText, wrongType } from './values.ts';
import { earlyOf, type Where } from './where.ts';

/** A role as `roles:`, dependencies or an inclusion name it. */
export interface RoleUse {
  readonly name: string;
  /** `namespace.name` of the collection that it is part of. */
  readonly collection?: string;
  readonly at: Location;
  readonly path: string;
  /** See `Role.key`. */
  readonly key: string;
  readonly params: Variables;
  readonly vars: Variables;
  readonly keywords: OwnKeywords;
  readonly disrupts: readonly Disruption[] | undefined;
  readonly rolling: Rolling | undefined;
}

/** A name, or a mapping with `role:` and keywords; all other keys are parameters of the role. */
export function readRoleUse(where: Where, node: YamlNode): RoleUse | undefined {
  const { loading } = where;
  if (node.kind === 'scalar') {
    const name = earlyText(loading, node, 'A role', earlyOf(where, []));
    return name === undefined ? undefined : named(where, name, node.at);
  }
  if (node.kind === 'sequence')
    return wrongType(loading, node, 'roles', 'the name of a role, or a mapping with "role:"');
  const fields = fieldsOf(node);
  refuseKeywords(loading, fields);
  const nameNode = fields.get('role') ?? fields.get('name');
  if (nameNode === undefined) {
    loading.report.error('playbook/no-role-name', node.at, 'This entry of roles names no role', 'Add "role: ..."');
    return undefined;
  }
  const name = earlyText(
    loading,
    nameNode,
    'role',
    earlyOf(where, []),
    'Use include_role in tasks, which is read when its turn comes',
  );
  const use = name === undefined ? undefined : named(where, name, nameNode.at);
  if (use === undefined) return undefined;
  const { vars, ...keywords } = ownKeywords(loading, fields, 'role', `role ${use.name}`);
  const rolling = fields.get('rolling');
  const params = paramsOf(where, node, use.name);
  return {
    ...use,
    key: roleKey(use.path, { params, vars: vars ?? [], keywords }),
    params,
    vars: vars?.[0] ?? new Map(),
    keywords,
    disrupts: readDisrupts(where, fields),
    rolling: rolling === undefined ? undefined : readRolling(loading, rolling).rolling,
  };
}

/** A role that is only named. */
export function named(where: Where, name: string, at: Location): RoleUse | undefined {
  const { loading, baseDir } = where;
  const beside = where.role?.path;
  // In a role of a collection a bare name is first one of the same collection.
  const full = where.role?.collection === undefined || name.includes('.') ? name : `${where.role.collection}.${name}`;
  const ofCollection = findCollectionRole(loading, full, baseDir);
  const path = ofCollection ?? findRole(loading, name, baseDir, beside);
  if (path === undefined) {
    // The rest is read as if the right name stood there, so that its mistakes are found now and not the next time.
    const meant = reportNoRole(loading, name, at, baseDir, beside);
    return meant === undefined ? undefined : named(where, meant, at);
  }
  return {
    name: ofCollection === undefined ? name : full,
    ...(ofCollection === undefined ? {} : { collection: full.slice(0, full.lastIndexOf('.')) }),
    at,
    path,
    key: roleKey(path, {}),
    params: new Map(),
    vars: new Map(),
    keywords: {},
    disrupts: undefined,
    rolling: undefined,
  };
}

function paramsOf(where: Where, node: YamlMapping, role: string): Variables {
  const keywords = new Set(keywordsOf('role'));
  const entries = node.entries.filter(({ key }) => !keywords.has(scalarText(key)));
  for (const { key } of entries) warnOfSlip(where, key, role);
  const { variables, diagnostics } = variablesOf({ ...node, entries }, 'role-param', `role ${role}`, {
    decrypt: where.loading.options.decrypt,
  });
  where.loading.report.add(diagnostics);
  return variables;
}

/** Any key is a parameter, so that a misspelt keyword would be one too. */
function warnOfSlip(where: Where, key: YamlScalar, role: string): void {
  const name = scalarText(key);
  const near = oneSlipAway(name, keywordsOf('role'), 3);
  if (near === undefined) return;
  where.loading.report.warning(
    'playbook/unknown-keyword',
    key.at,
    `"${name}" is no keyword, so that it becomes a parameter of the role "${role}"`,
    `Did you mean "${near}"?`,
  );
}
