import { isIP } from 'node:net';
import { backendName, type Server } from './config.ts';
import { sameAddress } from './endpoint.ts';

/** What `show servers state` says of one server: what haproxy takes over at a reload. */
export interface ServerState {
  readonly backend: string;
  readonly server: string;
  readonly address: string;
  /** 0 where the server has none of its own. */
  readonly port: number;
  readonly state: 'stopped' | 'starting' | 'running' | 'stopping';
  /** Taken out by an operator: maintenance or draining, by the configuration or at run time. */
  readonly admin: 'ready' | 'maintenance' | 'drain';
  readonly weight: number;
}

const states = ['stopped', 'starting', 'running', 'stopping'] as const;
/** Bits of srv_admin_state (haproxy's management manual): forced, inherited, configured, DNS; then drain, forced and inherited. */
const maintenanceBits = 0x01 | 0x02 | 0x04 | 0x20 | 0x40;
const drainBits = 0x08 | 0x10;

/** The servers in the answer to `show servers state`. Columns are found by their header; another format version gives none. */
export function parseServersState(text: string): readonly ServerState[] {
  const [version, header, ...rows] = text.split('\n').filter((line) => line.trim() !== '');
  if (version?.trim() !== '1' || header === undefined) return [];
  const names = header.replace(/^#\s*/, '').split(' ');
  return rows.flatMap((row) => {
    const cells = row.split(' ');
    const column = (name: string): string => cells[names.indexOf(name)] ?? '';
    const state = states[Number(column('srv_op_state'))];
    if (state === undefined || column('srv_name') === '') return [];
    const admin = Number(column('srv_admin_state'));
    return [
      {
        backend: column('be_name'),
        server: column('srv_name'),
        address: column('srv_addr'),
        port: Number(column('srv_port')),
        state,
        admin: (admin & maintenanceBits) !== 0 ? 'maintenance' : (admin & drainBits) !== 0 ? 'drain' : 'ready',
        weight: Number(column('srv_uweight')),
      },
    ];
  });
}

/**
 * What the next process may take over for its list. Of a server that is now elsewhere under its name, haproxy would keep the
 * former port, and the state that a check found at the former address: its line goes. A server without a line begins as up,
 * whatever it answers, until checks have failed (18 of 177 requests met one that answered 403, haproxy 2.6): it begins as
 * down and comes with its second good check, where a server that stays is up meanwhile.
 */
export function statesFor(text: string, servers: readonly Server[]): string {
  const [version, header, ...rows] = text.split('\n').filter((line) => line.trim() !== '');
  if (version?.trim() !== '1' || header === undefined) return text;
  const names = header.replace(/^#\s*/, '').trim().split(' ');
  const column = (row: string, name: string): string => row.split(' ')[names.indexOf(name)] ?? '';
  const kept = rows.filter((row) =>
    servers.some((server) => column(row, 'be_name') === backendName && isOf(row, server)),
  );
  const model = kept.find((row) => Number(column(row, 'srv_op_state')) === states.indexOf('running'));
  const ids = rows.map((row) => Number(column(row, 'srv_id')));
  const unseen = servers.filter((server) => !kept.some((row) => isOf(row, server)));
  const begun =
    model === undefined ? [] : unseen.map((server, index) => downRow(server, model, Math.max(...ids) + 1 + index));
  return `${[version, header, ...kept, ...begun].join('\n')}\n`;

  function isOf(row: string, { name, address, port }: Server): boolean {
    // haproxy tells what a host name came to.
    const isThere = isIP(address) === 0 || sameAddress(column(row, 'srv_addr'), address);
    return column(row, 'srv_name') === name && isThere && column(row, 'srv_port') === String(port);
  }

  function downRow({ name, address, port }: Server, like: string, id: number): string {
    const own: Readonly<Record<string, string>> = {
      srv_id: String(id),
      srv_name: name,
      srv_addr: isIP(address) === 0 ? '-' : address,
      srv_port: String(port),
      srv_fqdn: isIP(address) === 0 ? address : '-',
      srv_op_state: String(states.indexOf('stopped')),
      srv_time_since_last_change: '0',
      // No check yet, and none that passed (HCHK_STATUS_INI, CHK_RES_FAILED of haproxy's checks).
      srv_check_status: '1',
      srv_check_result: '2',
      srv_check_health: '0',
    };
    const cells = like.split(' ');
    return names.map((column, index) => own[column] ?? cells[index] ?? '-').join(' ');
  }
}
