/** What may carry keywords. `include` is include_tasks and include_role, `import` is import_tasks and import_role. */
export type Holder = 'play' | 'import_playbook' | 'role' | 'block' | 'task' | 'handler' | 'include' | 'import';

/** What stands after the colon. All but `literal-*`, names and structures may be a template. */
export type KeywordType =
  | 'text'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'percentage'
  | 'anything'
  | 'conditions'
  | 'texts'
  | 'literal-boolean'
  | 'literal-text'
  | 'literal-texts'
  | 'variables'
  | 'mapping'
  | 'list'
  | 'entries'
  | 'refused';

export interface Keyword {
  readonly name: string;
  readonly where: readonly Holder[];
  readonly type: KeywordType;
  readonly summary: string;
  /** Only these texts. */
  readonly values?: readonly string[];
}

const everywhere = ['play', 'import_playbook', 'role', 'block', 'task', 'handler', 'import'] as const;
const everywhereAndInclude = [...everywhere, 'include'] as const;
const conditional = ['import_playbook', 'role', 'block', 'task', 'handler', 'import', 'include'] as const;
const delegatable = ['role', 'block', 'task', 'handler', 'import'] as const;
const looping = ['task', 'handler', 'include', 'import'] as const;
const single = ['task', 'handler'] as const;
const singleAndImport = ['task', 'handler', 'import'] as const;
const play = ['play'] as const;

function keyword(
  name: string,
  where: readonly Holder[],
  type: KeywordType,
  summary: string,
  values?: readonly string[],
): Keyword {
  return { name, where, type, summary, ...(values === undefined ? {} : { values }) };
}

/** Every keyword of the language, in the order of the reference. */
export const keywords: readonly Keyword[] = [
  keyword(
    'name',
    everywhereAndInclude,
    'text',
    'What it is for; shown while it runs, and what notify names a handler by.',
  ),
  keyword('hosts', play, 'texts', 'The hosts of the play: names, groups or patterns.'),
  keyword('import_playbook', ['import_playbook'], 'literal-text', 'Another playbook, whose plays stand here.'),

  keyword('pre_tasks', play, 'entries', 'Tasks that run before the roles.'),
  keyword('roles', play, 'list', 'Roles that run before the tasks.'),
  keyword('tasks', play, 'entries', 'The tasks of the play.'),
  keyword('post_tasks', play, 'entries', 'Tasks that run last.'),
  keyword('handlers', play, 'entries', 'Tasks that run when they were notified, once, after each section.'),

  keyword(
    'gather_facts',
    play,
    'boolean',
    'Whether the facts of the hosts are read before the first task; on by default.',
  ),
  keyword('gather_subset', play, 'list', 'Accepted for compatibility: hlb reads all its facts in one step.'),
  keyword('gather_timeout', play, 'integer', 'Accepted for compatibility.'),
  keyword('fact_path', play, 'text', 'Accepted for compatibility.'),
  keyword('vars_files', play, 'list', 'Files with variables; a list in the list stands for alternatives.'),
  keyword(
    'vars_schema',
    play,
    'mapping',
    'What variables must be, as the options of argument_specs; checked for every host before the run.',
  ),
  keyword('vars_prompt', play, 'list', 'Variables that the operator is asked for.'),
  keyword('serial', play, 'list', 'How many hosts make a batch: a number, a percentage, or a list of them.'),
  keyword(
    'rolling',
    ['play', 'role', 'block'],
    'mapping',
    'A guarded roll: host after host, checked before and after.',
  ),
  keyword(
    'strategy',
    play,
    'literal-text',
    'linear: all hosts finish a task before the next; free and host_pinned: each host does the whole play on its own.',
    ['linear', 'free', 'host_pinned'],
  ),
  keyword('order', play, 'literal-text', 'The order in which the hosts of a batch are taken.', [
    'inventory',
    'reverse_inventory',
    'sorted',
    'reverse_sorted',
    'shuffle',
  ]),
  keyword('max_fail_percentage', play, 'percentage', 'The play ends when more than this share of a batch has failed.'),
  keyword('force_handlers', play, 'boolean', 'Run notified handlers also on hosts that have failed.'),

  keyword('block', ['block'], 'entries', 'Tasks that share keywords.'),
  keyword('rescue', ['block'], 'entries', 'Tasks that run where the block failed.'),
  keyword('always', ['block'], 'entries', 'Tasks that run after the block, whatever happened.'),

  keyword('role', ['role'], 'literal-text', 'The name of the role.'),

  keyword('action', [...looping], 'anything', 'The module and its arguments, in the older form.'),
  keyword('local_action', [...singleAndImport], 'anything', 'As action, delegated to localhost.'),
  keyword('args', [...looping], 'mapping', 'More arguments for the module.'),
  keyword('loop', [...looping], 'anything', 'A list; the task runs once for each element.'),
  keyword('loop_control', [...looping], 'mapping', 'Names and labels of a loop.'),
  keyword('register', [...looping], 'literal-text', 'The variable that holds the result.'),
  keyword('until', [...single], 'conditions', 'Run the task again until this holds.'),
  keyword('retries', [...single], 'integer', 'How often until may fail; 3 by default.'),
  keyword('delay', [...single], 'number', 'Seconds between tries; 5 by default.'),
  keyword('changed_when', [...single], 'conditions', 'Whether the task counts as a change.'),
  keyword('failed_when', [...single], 'conditions', 'Whether the task counts as failed.'),
  keyword('async', [...single], 'integer', 'Seconds that the task may run in the background.'),
  keyword('poll', [...single], 'integer', 'Seconds between looks at a background task; 0 does not wait.'),
  keyword('notify', ['block', 'task', 'handler', 'import'], 'texts', 'Handlers to run when something changed.'),
  keyword('listen', ['handler'], 'literal-texts', 'Topics that this handler is notified by, beside its name.'),
  keyword(
    'disrupts',
    ['task', 'handler', 'block', 'play', 'role', 'import'],
    'literal-texts',
    'What the command takes away while it runs, for the guards of a roll.',
    ['nothing', 'balancer', 'api_server', 'etcd', 'node'],
  ),

  keyword('when', conditional, 'conditions', 'Run only where this holds.'),
  keyword('tags', everywhereAndInclude, 'literal-texts', 'Words to select by with --tags and --skip-tags.'),
  keyword('vars', everywhereAndInclude, 'variables', 'Variables.'),
  keyword('environment', everywhere, 'anything', 'Environment variables of the commands that run on the host.'),
  keyword('module_defaults', everywhere, 'mapping', 'Default arguments of modules.'),
  keyword('become', everywhere, 'boolean', 'Run as another user.'),
  keyword('become_user', everywhere, 'text', 'The other user; root by default.'),
  keyword('become_method', everywhere, 'text', 'How to become the other user: sudo, su or doas.'),
  keyword('become_flags', everywhere, 'text', 'Flags for the program that changes the user.'),
  keyword('become_exe', everywhere, 'text', 'Path of the program that changes the user.'),
  keyword('remote_user', everywhere, 'text', 'The user to log in as.'),
  keyword('connection', everywhere, 'text', 'How the host is reached: ssh, openssh or local.'),
  keyword('port', everywhere, 'integer', 'The port of the SSH server.'),
  keyword('delegate_to', delegatable, 'text', 'The host to run on, instead of the host it is for.'),
  keyword('delegate_facts', delegatable, 'boolean', 'Facts belong to the host it was delegated to.'),
  keyword('run_once', everywhereAndInclude, 'boolean', 'Run on the first host of the batch only.'),
  keyword('throttle', everywhere, 'integer', 'At most this many hosts at once.'),
  keyword('ignore_errors', everywhereAndInclude, 'boolean', 'Go on after a failure.'),
  keyword('ignore_unreachable', everywhere, 'boolean', 'Go on with a host that could not be reached.'),
  keyword('any_errors_fatal', everywhere, 'boolean', 'A failure on one host ends the play for all.'),
  keyword('check_mode', everywhere, 'boolean', 'Only say what would change; false changes even under --check.'),
  keyword('diff', everywhere, 'boolean', 'Show what changes inside of files.'),
  keyword('no_log', everywhereAndInclude, 'boolean', 'Keep arguments and results out of every output.'),
  keyword('timeout', everywhereAndInclude, 'integer', 'Seconds until the task is ended and fails.'),
  keyword('collections', everywhereAndInclude, 'literal-texts', 'Accepted for compatibility: modules are built in.'),
  keyword('debugger', everywhereAndInclude, 'refused', 'Not supported: a run cannot stop to be stepped through.'),
];

const byName: ReadonlyMap<string, Keyword> = new Map(keywords.map((one) => [one.name, one]));

export function findKeyword(name: string): Keyword | undefined {
  return byName.get(name);
}

const byHolder: ReadonlyMap<Holder, readonly string[]> = new Map(
  [...new Set(keywords.flatMap((one) => one.where))].map((holder) => [
    holder,
    keywords.filter((one) => one.where.includes(holder)).map((one) => one.name),
  ]),
);

/** The names that a holder may carry. */
export function keywordsOf(holder: Holder): readonly string[] {
  return byHolder.get(holder) ?? [];
}

const holderNames: Readonly<Record<Holder, string>> = {
  play: 'a play',
  import_playbook: 'import_playbook',
  role: 'an entry of roles',
  block: 'a block',
  task: 'a task',
  handler: 'a handler',
  include: 'include_tasks and include_role',
  import: 'import_tasks and import_role',
};

/** `a play`, `a task`, for messages. */
export function holderName(holder: Holder): string {
  return holderNames[holder];
}
