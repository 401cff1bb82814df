import { z } from 'zod';
import { command } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import type { CommandQuery, Observation } from '../host/observation.ts';
import { run } from '../module/change.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { ruleWords } from '../module/iptables-rule.ts';
import { bool, choice, list, optional, text, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';

const params = z
  .strictObject({
    table: withDefault(choice(['filter', 'nat', 'mangle', 'raw', 'security']), 'filter', 'Table'),
    chain: optional(text(), 'Chain, such as INPUT'),
    state: withDefault(choice(['absent', 'present']), 'present', 'Whether the rule shall be there'),
    action: withDefault(choice(['append', 'insert']), 'append', 'Where a new rule goes: to the end or to the top'),
    rule_num: optional(text(), 'With "insert": the number that it gets'),
    ip_version: withDefault(choice(['ipv4', 'ipv6']), 'ipv4', 'Which iptables'),
    protocol: optional(text(), 'Protocol, such as tcp'),
    source: optional(text(), 'Source address; ! in front negates, as with all that follow'),
    destination: optional(text(), 'Destination address'),
    source_port: optional(text(), 'Source port or range'),
    destination_port: optional(text(), 'Destination port or range'),
    destination_ports: withDefault(list(text()), [], 'Destination ports'),
    in_interface: optional(text(), 'Interface that it comes in by'),
    out_interface: optional(text(), 'Interface that it goes out by'),
    match: withDefault(list(text()), [], 'Extensions to load'),
    ctstate: withDefault(list(text()), [], 'States of the connection, such as ESTABLISHED'),
    tcp_flags: optional(
      z.strictObject({ flags: list(text()), flags_set: list(text()) }),
      'TCP flags to look at, and those that must be set',
    ),
    syn: withDefault(choice(['ignore', 'match', 'negate']), 'ignore', 'Whether a packet begins a TCP connection'),
    icmp_type: optional(text(), 'Type of ICMP'),
    src_range: optional(text(), 'Range of source addresses'),
    dst_range: optional(text(), 'Range of destination addresses'),
    match_set: optional(text(), 'Name of an ipset'),
    match_set_flags: optional(choice(['src', 'dst', 'src,dst', 'dst,src']), 'What of the packet is looked up in it'),
    limit: optional(text(), 'How often it may match, such as 5/min'),
    limit_burst: optional(text(), 'How often before the limit counts'),
    uid_owner: optional(text(), 'User of the process'),
    gid_owner: optional(text(), 'Group of the process'),
    fragment: optional(text(), 'Second and further fragments'),
    set_counters: optional(text(), 'Packets and bytes that its counters begin with'),
    jump: optional(text(), 'What becomes of the packet: ACCEPT, DROP, a chain'),
    goto: optional(text(), 'Chain to go on in'),
    gateway: optional(text(), 'With TEE: where the copy goes'),
    reject_with: optional(text(), 'How to reject'),
    to_destination: optional(text(), 'With DNAT: the new destination'),
    to_source: optional(text(), 'With SNAT: the new source'),
    to_ports: optional(text(), 'With REDIRECT: the new port'),
    set_dscp_mark: optional(text(), 'DSCP value to set'),
    set_dscp_mark_class: optional(text(), 'DSCP class to set'),
    log_prefix: optional(text(), 'With LOG: what a line begins with'),
    log_level: optional(text(), 'With LOG: the level'),
    comment: optional(text(), 'Comment of the rule'),
    policy: optional(choice(['ACCEPT', 'DROP', 'QUEUE', 'RETURN']), 'Policy of the chain, instead of a rule'),
    flush: withDefault(bool(), false, 'Remove all rules of the chain or table, instead of a rule'),
    chain_management: withDefault(
      bool(),
      false,
      'Make the chain where it is missing; with "absent" and no rule remove it',
    ),
    wait: optional(text(), 'Seconds to wait for the lock'),
  })
  .superRefine((p, context) => {
    const issue = (message: string, field: string): void =>
      context.addIssue({ code: 'custom', message, path: [field] });
    if (!p.flush && p.chain === undefined) issue('"chain" is required unless "flush" is on', 'chain');
    if (p.flush && p.policy !== undefined) issue('Only one of "flush" and "policy" can be given', 'policy');
    if (p.set_dscp_mark !== undefined && p.set_dscp_mark_class !== undefined) {
      issue('Only one of "set_dscp_mark" and "set_dscp_mark_class" can be given', 'set_dscp_mark');
    }
    if (p.jump?.toLowerCase() === 'tee' && p.gateway === undefined)
      issue('"gateway" is required with jump "TEE"', 'gateway');
  });

type Params = z.output<typeof params>;

/** A call of iptables. `deed` is the flag that says what to do. */
function words(p: Params, deed: string, rest: readonly string[]): readonly string[] {
  const tool = p.ip_version === 'ipv4' ? 'iptables' : 'ip6tables';
  return [
    tool,
    '-t',
    p.table,
    ...(p.wait === undefined ? [] : ['-w', p.wait]),
    deed,
    ...(p.chain === undefined ? [] : [p.chain]),
    ...rest,
  ];
}

const rule = (p: Params): readonly string[] => ruleWords(p, p.ip_version);
const isChainOnly = (p: Params): boolean => p.chain_management && rule(p).length === 0;
const ruleQuery = (p: Params): CommandQuery => command(words(p, '-C', rule(p)));
const chainQuery = (p: Params): CommandQuery => command(words(p, '-S', []));

function queries(p: Params): readonly Observation[] {
  if (p.flush || p.policy !== undefined || isChainOnly(p)) return [chainQuery(p)];
  return [ruleQuery(p), ...(p.chain_management ? [chainQuery(p)] : [])];
}

function act(p: Params, deed: string, rest: readonly string[]): Change {
  return run(words(p, deed, rest), { touches: ['iptables'] });
}

function changesOf(p: Params, seen: Seen): readonly Change[] | string {
  if (p.flush) {
    const rules = seen(chainQuery(p))
      .stdout.split('\n')
      .filter((line) => line.startsWith('-A '));
    return rules.length === 0 ? [] : [act(p, '-F', [])];
  }
  if (p.policy !== undefined) {
    const { stdout } = seen(chainQuery(p));
    return stdout.split('\n').includes(`-P ${p.chain ?? ''} ${p.policy}`) ? [] : [act(p, '-P', [p.policy])];
  }
  if (isChainOnly(p)) {
    const isThere = seen(chainQuery(p)).code === 0;
    if (p.state === 'present') return isThere ? [] : [act(p, '-N', [])];
    return isThere ? [act(p, '-X', [])] : [];
  }
  const makes = p.chain_management && seen(chainQuery(p)).code !== 0;
  const check = seen(ruleQuery(p));
  if (check.code === 127) return 'iptables is not installed on this host';
  if (check.code === 2) return `iptables does not understand the rule: ${check.stderr.trim()}`;
  const isThere = check.code === 0;
  if (p.state === 'absent') return isThere ? [act(p, '-D', rule(p))] : [];
  if (isThere) return [];
  const [deed, number] = p.action === 'insert' ? ['-I', p.rule_num] : ['-A', undefined];
  return [...(makes ? [act(p, '-N', [])] : []), act(p, deed, [...(number === undefined ? [] : [number]), ...rule(p)])];
}

/** Rules for packets. */
export default defineModule({
  name: 'iptables',
  aliases: ['ansible.builtin.iptables', 'ansible.legacy.iptables'],
  summary: 'Keeps rules of iptables in the running kernel',
  examples: [
    'iptables:\n  chain: INPUT\n  protocol: tcp\n  destination_port: "6443"\n  source: 10.0.0.0/8\n  jump: ACCEPT\n  comment: API servers',
  ],
  params,
  returns: z.object({
    chain: z.string().nullable().meta({ description: 'The chain' }),
    table: z.string().meta({ description: 'The table' }),
    ip_version: z.string().meta({ description: '"ipv4" or "ipv6"' }),
    flush: z.boolean().meta({ description: 'Whether all rules were removed' }),
    rule: z.string().meta({ description: 'The rule, as words' }),
    state: z.string().meta({ description: 'The state that was asked for' }),
  }),
  convergence: () => 'converges',
  observe: (p) => queries(p),
  plan: (p, seen) => {
    const changes = changesOf(p, seen);
    if (typeof changes === 'string') return refuse(changes);
    return plan(changes, changes.length === 0 ? { why: `it is ${p.state} already` } : {});
  },
  result: (p) => ({
    chain: p.chain ?? null,
    table: p.table,
    ip_version: p.ip_version,
    flush: p.flush,
    rule: rule(p).join(' '),
    state: p.state,
  }),
  disrupts: (_p, planned) => (planned.kind === 'plan' && planned.changes.length > 0 ? ['node'] : ['nothing']),
});
