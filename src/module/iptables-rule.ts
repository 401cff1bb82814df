/** A rule as `iptables` asks for it. */
export interface RuleWish {
  readonly protocol: string | undefined;
  readonly source: string | undefined;
  readonly destination: string | undefined;
  readonly match: readonly string[];
  readonly tcp_flags: { readonly flags: readonly string[]; readonly flags_set: readonly string[] } | undefined;
  readonly jump: string | undefined;
  readonly gateway: string | undefined;
  readonly log_prefix: string | undefined;
  readonly log_level: string | undefined;
  readonly to_destination: string | undefined;
  readonly destination_ports: readonly string[];
  readonly to_source: string | undefined;
  readonly goto: string | undefined;
  readonly in_interface: string | undefined;
  readonly out_interface: string | undefined;
  readonly fragment: string | undefined;
  readonly set_counters: string | undefined;
  readonly source_port: string | undefined;
  readonly destination_port: string | undefined;
  readonly to_ports: string | undefined;
  readonly set_dscp_mark: string | undefined;
  readonly set_dscp_mark_class: string | undefined;
  readonly syn: 'ignore' | 'match' | 'negate';
  readonly comment: string | undefined;
  readonly ctstate: readonly string[];
  readonly src_range: string | undefined;
  readonly dst_range: string | undefined;
  readonly match_set: string | undefined;
  readonly match_set_flags: string | undefined;
  readonly limit: string | undefined;
  readonly limit_burst: string | undefined;
  readonly uid_owner: string | undefined;
  readonly gid_owner: string | undefined;
  readonly reject_with: string | undefined;
  readonly icmp_type: string | undefined;
}

/** A leading `!` negates. */
function option(flag: string, value: string | undefined): readonly string[] {
  if (value === undefined) return [];
  return value.startsWith('!') ? ['!', flag, value.slice(1).trim()] : [flag, value];
}

function matching(wish: RuleWish, name: string, words: readonly string[]): readonly string[] {
  return words.length === 0 ? [] : [...(wish.match.includes(name) ? [] : ['-m', name]), ...words];
}

/** The words of a rule, as `iptables -C` compares them. */
export function ruleWords(wish: RuleWish, ipVersion: 'ipv4' | 'ipv6'): readonly string[] {
  const { tcp_flags: flags, src_range: src, dst_range: dst } = wish;
  const conntrack = wish.match.includes('state') && !wish.match.includes('conntrack');
  const states = wish.ctstate.join(',');
  return [
    ...option('-p', wish.protocol),
    ...option('-s', wish.source),
    ...option('-d', wish.destination),
    ...wish.match.flatMap((name) => ['-m', name]),
    ...(flags === undefined ? [] : ['--tcp-flags', flags.flags.join(','), flags.flags_set.join(',')]),
    ...option('-j', wish.jump),
    ...(wish.jump?.toLowerCase() === 'tee' ? option('--gateway', wish.gateway) : []),
    ...option('--log-prefix', wish.log_prefix),
    ...option('--log-level', wish.log_level),
    ...option('--to-destination', wish.to_destination),
    ...(wish.destination_ports.length === 0
      ? []
      : [
          ...(wish.match.includes('multiport') ? [] : ['-m', 'multiport']),
          '--dports',
          wish.destination_ports.join(','),
        ]),
    ...option('--to-source', wish.to_source),
    ...option('-g', wish.goto),
    ...option('-i', wish.in_interface),
    ...option('-o', wish.out_interface),
    ...option('-f', wish.fragment),
    ...option('-c', wish.set_counters),
    ...option('--source-port', wish.source_port),
    ...option('--destination-port', wish.destination_port),
    ...option('--to-ports', wish.to_ports),
    ...option('--set-dscp', wish.set_dscp_mark),
    ...option('--set-dscp-class', wish.set_dscp_mark_class),
    ...(wish.syn === 'ignore' ? [] : wish.syn === 'match' ? ['--syn'] : ['!', '--syn']),
    ...matching(wish, 'set', wish.match_set === undefined ? [] : setWords(wish.match_set, wish.match_set_flags)),
    ...(states === ''
      ? []
      : conntrack
        ? ['--state', states]
        : [...(wish.match.includes('conntrack') ? [] : ['-m', 'conntrack']), '--ctstate', states]),
    ...matching(wish, 'iprange', [...option('--src-range', src), ...option('--dst-range', dst)]),
    ...matching(wish, 'limit', [...option('--limit', wish.limit), ...option('--limit-burst', wish.limit_burst)]),
    ...matching(wish, 'owner', [...option('--uid-owner', wish.uid_owner), ...option('--gid-owner', wish.gid_owner)]),
    ...(wish.jump === undefined && wish.reject_with !== undefined ? ['-j', 'REJECT'] : []),
    ...option('--reject-with', wish.reject_with),
    ...option(ipVersion === 'ipv4' ? '--icmp-type' : '--icmpv6-type', wish.icmp_type),
    ...matching(wish, 'comment', option('--comment', wish.comment)),
  ];
}

function setWords(name: string, flags: string | undefined): readonly string[] {
  const [negated, set] = name.startsWith('!') ? [['!'], name.slice(1).trim()] : [[], name];
  return [...negated, '--match-set', set, flags ?? 'src'];
}
