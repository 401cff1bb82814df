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
