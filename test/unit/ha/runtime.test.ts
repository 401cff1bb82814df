import { describe, expect, it } from 'vitest';
import { parseProcesses } from '../../../src/ha/processes.ts';
import { parseServersState } from '../../../src/ha/servers-state.ts';
import { isUp, parseStat } from '../../../src/ha/stats.ts';

describe('the answers of a running haproxy', () => {
  it('say the state of each server, as 3.2 writes it', () => {
    const text = `1
# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port
4 apiservers 1 cp1 10.77.0.11 2 0 1 1 6 15 3 3 6 0 0 0 - 6443 - 0 0 - - 0
4 apiservers 2 cp2 10.77.0.12 0 8 1 1 6 15 3 3 6 0 0 0 - 6443 - 0 0 - - 0
4 apiservers 3 cp3 10.77.0.13 2 5 1 1 6 15 3 3 6 0 0 0 - 6443 - 0 0 - - 0

`;
    const of = { backend: 'apiservers', port: 6443, weight: 1 };
    expect(parseServersState(text)).toEqual([
      { ...of, server: 'cp1', address: '10.77.0.11', state: 'running', admin: 'ready' },
      { ...of, server: 'cp2', address: '10.77.0.12', state: 'stopped', admin: 'drain' },
      { ...of, server: 'cp3', address: '10.77.0.13', state: 'running', admin: 'maintenance' },
    ]);
    expect(parseServersState(text.replace('1\n', '2\n'))).toEqual([]);
    expect(parseServersState('')).toEqual([]);
  });

  it('list processes, with old workers that live on for their connections and reloads that failed', () => {
    // 2.6.12 after a reload under a held connection and one more with a wrong file.
    const text = `#<PID>          <type>          <reloads>       <uptime>        <version>
30959           master          2 [failed: 1]   0d00h00m04s     2.6.12-1+deb12u4
# workers
31084           worker          1               0d00h00m02s     2.6.12-1+deb12u4
# old workers
30966           worker          2               0d00h00m04s     2.6.12-1+deb12u4
# programs

`;
    const version = '2.6.12-1+deb12u4';
    expect(parseProcesses(text)).toEqual([
      { pid: 30959, kind: 'master', reloads: 2, failedReloads: 1, uptimeSeconds: 4, version },
      { pid: 31084, kind: 'worker', reloads: 1, failedReloads: undefined, uptimeSeconds: 2, version },
      { pid: 30966, kind: 'old worker', reloads: 2, failedReloads: undefined, uptimeSeconds: 4, version },
    ]);
    expect(parseProcesses(text.replace('0d00h00m04s', '1d02h03m04s'))[0]?.uptimeSeconds).toBe(93_784);
  });

  it('may have commas and quotes in a cell', () => {
    const csv =
      '# pxname,svname,scur,status,weight,check_status,check_code,last_chk\nb,a,2,UP 1/3,1,* L7OK,200,"OK, ""fine"""\nb,c,0,"DOWN",0,,,\n';
    expect(parseStat(csv)).toEqual([
      { backend: 'b', server: 'a', status: 'UP 1/3', weight: 1, sessions: 2, check: 'L7OK/200' },
      { backend: 'b', server: 'c', status: 'DOWN', weight: 0, sessions: 0, check: '' },
    ]);
    expect(parseStat(csv).map(isUp)).toEqual([true, false]);
  });
});
