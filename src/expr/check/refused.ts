/** Filters of Ansible that hlb does not have, and why. */
export const refusedFilters: ReadonlyMap<string, string> = new Map([
  ['vault', 'Templates do not encrypt; use "hlb vault encrypt-string"'],
  ['unvault', 'Templates do not decrypt; put the value into a vault file'],
  ['expandvars', "It would read the controller's environment; use lookup('env', …)"],
  ['realpath', 'It would follow links of the controller; register the module stat and use its stat.lnk_source'],
  ['urlize', 'Templates of hosts have no use for links in HTML; write them out'],
  ['json_query', 'Use selectattr, map(attribute=…) and dict2items'],
]);

/** Lookups of Ansible that hlb does not have, and why. */
export const refusedLookups: ReadonlyMap<string, string> = new Map([
  ['url', 'It asks the network while a template is evaluated; use the module uri and register its result'],
  ['unvault', 'Put the value into a vault file'],
  ['config', 'hlb has no Ansible configuration'],
]);

const statReason =
  'It would look at a file of the controller while a template is evaluated; register the module stat and test its result';

/** Tests of Ansible that hlb does not have, and why. */
export const refusedTests: ReadonlyMap<string, string> = new Map(
  [
    'directory',
    'is_dir',
    'file',
    'is_file',
    'link',
    'is_link',
    'exists',
    'link_exists',
    'same_file',
    'is_same_file',
    'mount',
    'is_mount',
    'vaulted_file',
  ].map((name) => [name, statReason]),
);
