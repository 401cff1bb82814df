import { type Paint, painter } from '../../core/paint.ts';
import { textWidth } from '../../core/width.ts';
import type { ApiServerStatus, ClusterStatus, EtcdStatus, NodeStatus } from '../../ha/cluster-status.ts';
import { marginText } from '../../ha/margin.ts';

const header = ['node', 'backend', 'state', 'weight', 'sessions', 'check', 'config', 'haproxy', 'container'] as const;

/** The table node × backend, and the numbers of the cluster under it. */
export function statusText(status: ClusterStatus, color: boolean): readonly string[] {
  const paint = painter(color);
  const rows = status.nodes.flatMap((node) => nodeRows(node, paint));
  const table = status.nodes.length === 0 ? [] : [...tableLines([header.map(plain), ...rows]), ''];
  const { vip } = status;
  const shared =
    vip === undefined
      ? []
      : [
          line(
            'address',
            `${vip.address} on ${vip.holders.join(', ') || 'no control plane'}; kube-vip runs on ${vip.announcers.join(', ') || 'none'}`,
          ),
        ];
  const lost = status.unreachable
    .filter(({ host }) => !status.nodes.some((node) => node.node === host))
    .map(({ host, reason }) => line('not asked', paint('red', `${host}: ${reason}`)));
  return [
    ...table,
    line('API', status.apiServers.map((server) => apiText(server, paint)).join('   ')),
    ...shared,
    line('etcd', etcdText(status.etcd, paint)),
    ...lost,
    line('margin', paint(status.margin.safe ? 'green' : 'red', marginText(status.margin))),
  ];
}

interface Cell {
  readonly text: string;
  /** With its colors. */
  readonly shown: string;
}

const plain = (text: string): Cell => ({ text, shown: text });

/** The first line of a node bears what belongs to the node as a whole. */
function nodeRows(node: NodeStatus, paint: Paint): readonly (readonly Cell[])[] {
  const styled = (style: Parameters<Paint>[0], text: string): Cell => ({ text, shown: paint(style, text) });
  const name = node.apart ? `${node.node} (has not joined)` : node.node;
  const known = [configCell(node, paint), plain(shortVersion(node.version)), plain(containerText(node))];
  if (node.backends.length === 0) {
    const problem = node.problem ?? 'it lists no server';
    return [[plain(name), styled(node.apart ? 'dim' : 'red', problem)]];
  }
  const rows = node.backends.map(({ server, up, status, weight, sessions, check }, index) => [
    plain(index === 0 ? name : ''),
    plain(server),
    up === undefined ? styled('yellow', 'not asked') : styled(up ? 'green' : 'red', status ?? (up ? 'UP' : 'DOWN')),
    plain(weight === undefined ? '' : String(weight)),
    plain(sessions === undefined ? '' : String(sessions)),
    plain(check ?? ''),
    ...(index === 0 ? known : []),
  ]);
  return node.problem === undefined ? rows : [...rows, [plain(''), styled('yellow', node.problem)]];
}

/** The hash that is served; with a mark where the file on the host is another, which a reload would load. */
function configCell({ servedHash, fileHash, reloadFailed }: NodeStatus, paint: Paint): Cell {
  const failed = reloadFailed ? ' (the last reload failed)' : '';
  const style = (text: string): Cell => ({ text: `${text}${failed}`, shown: paint('yellow', `${text}${failed}`) });
  if (servedHash === undefined) return style("not hlb's");
  if (fileHash === servedHash && !reloadFailed) return plain(servedHash.slice(0, 8));
  if (fileHash === servedHash) return style(servedHash.slice(0, 8));
  return style(`${servedHash.slice(0, 8)}, file ${fileHash?.slice(0, 8) ?? "not hlb's"}`);
}

function containerText({ container }: NodeStatus): string {
  return container === undefined ? '' : `${container.id.slice(0, 8)} #${container.attempt}`;
}

function shortVersion(version: string | undefined): string {
  return version?.replace(/-.*$/, '') ?? '';
}

function apiText({ name, ready, status, error }: ApiServerStatus, paint: Paint): string {
  if (ready) return `${name} ${paint('green', 'ready')}`;
  return `${name} ${paint('red', status === undefined ? `does not answer (${error ?? 'no reason given'})` : `answers ${status}`)}`;
}

function etcdText(etcd: EtcdStatus, paint: Paint): string {
  if (etcd.kind === 'unknown') return paint('yellow', `not known: ${etcd.reason}`);
  const members = etcd.members.map(({ name, id, learner, healthy, problem }) => {
    const role = learner ? ' (learner)' : '';
    const state = healthy ? paint('green', 'healthy') : paint('red', problem ?? 'not healthy');
    return `${name === '' ? id : name}${role} ${state}`;
  });
  return `${etcd.healthy} of ${etcd.voting} voting members healthy, quorum ${etcd.quorum}, ${etcd.spare} may be away: ${members.join('   ')}`;
}

function line(label: string, text: string): string {
  return `${label.padEnd(10)}${text}`;
}

/** A row that ends early may be as wide as it likes: it has no column to the right of it. */
function tableLines(rows: readonly (readonly Cell[])[]): readonly string[] {
  const widths = header.map((_, column) =>
    Math.max(0, ...rows.map((row) => (column + 1 < row.length ? textWidth(row[column]?.text ?? '') : 0))),
  );
  return rows.map((row) =>
    row
      .map(({ text, shown }, column) => {
        const isLast = column + 1 === row.length;
        return isLast ? shown : `${shown}${' '.repeat(Math.max(0, (widths[column] ?? 0) - textWidth(text)))}`;
      })
      .join('  ')
      .trimEnd(),
  );
}
