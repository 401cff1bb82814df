/** Filters of Ansible that hlb does not have, and why. */
export const refusedFilters: ReadonlyMap<string, string> = new Map([
  ['vault', 'Templates do not encrypt; use "hlb vault encrypt-string"'],
  ['unvault', 'Templates do not decrypt; put the value into a vault file'],
  ['expandvars', "It would read the controller's environment; use lookup('env', …)"],
  ['json_query', 'Use selectattr, map(attribute=…) and dict2items'],
]);

/** Lookups of Ansible that hlb does not have, and why. */
export const refusedLookups: ReadonlyMap<string, string> = new Map([
  ['password', 'It writes a secret to a file while a template is evaluated; keep secrets in a vault'],
  ['url', 'It asks the network while a template is evaluated; use the module uri and register its result'],
  ['random_choice', 'Its result differs each time; use the filter random with a seed'],
  ['unvault', 'Put the value into a vault file'],
  ['config', 'hlb has no Ansible configuration'],
]);
