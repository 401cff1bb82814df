import { describe, expect, it } from 'vitest';
import { placeText } from '../../../src/core/source.ts';
import { findApiBackend } from '../../../src/ha/api-backend.ts';

const find = (text: string, port = 16443) => findApiBackend({ path: 'haproxy.cfg', text }, port);

function refusal(text: string): string {
  const found = find(text);
  if (found.ok) return 'found';
  return `${found.error.at === undefined ? '' : placeText(found.error.at)} ${found.error.code}: ${found.error.message}`;
}

const foreign = `# kept by hand
global
    log /dev/log local0
    maxconn 4000
defaults
    mode tcp
    default-server check inter 5s
frontend stats
    bind *:9000
    default_backend none
frontend "k8s api" # the API
    bind 127.0.0.1:16443,[::1]:16444 tfo
    option tcplog
    default_backend masters
backend none
backend masters
    balance roundrobin
    default-server fall 3 # from here on
    server cp1 10.0.0.11:6443
    #server old 10.0.0.10:6443 check
    server 'cp2' "10.0.0.12":6443 backup#no blank needed
    server cp\\x33 fd00::13:6443 disabled
    server cp4 [fd00::14]:6443
    server cp5 ipv4@cp5.example:6443
`;

describe('a configuration that hlb did not write', () => {
  it('gives its API backend and the servers of it, with their options and places', () => {
    const found = find(foreign);
    if (!found.ok) throw new Error(found.error.message);
    const { servers, ...rest } = found.value;
    expect(rest).toEqual({ bind: '127.0.0.1', port: 16443, frontend: 'k8s api', backend: 'masters' });
    const options = ['check', 'inter', '5s', 'fall', '3'];
    expect(servers.map(({ at, ...one }) => ({ ...one, at: placeText(at) }))).toEqual([
      { name: 'cp1', address: '10.0.0.11', port: 6443, options, at: 'haproxy.cfg:19:12' },
      { name: 'cp2', address: '10.0.0.12', port: 6443, options: [...options, 'backup'], at: 'haproxy.cfg:21:12' },
      { name: 'cp3', address: 'fd00::13', port: 6443, options: [...options, 'disabled'], at: 'haproxy.cfg:22:12' },
      { name: 'cp4', address: 'fd00::14', port: 6443, options, at: 'haproxy.cfg:23:12' },
      { name: 'cp5', address: 'cp5.example', port: 6443, options, at: 'haproxy.cfg:24:12' },
    ]);
  });

  it('may say it all in one listen section, with line breaks of any kind', () => {
    const found = find('listen api\r\n bind :16443\r\n server a 192.0.2.1:6443 check\r\n');
    expect(found).toMatchObject({
      ok: true,
      value: {
        bind: '',
        frontend: 'api',
        backend: 'api',
        servers: [{ name: 'a', address: '192.0.2.1', options: ['check'] }],
      },
    });
  });

  it('inherits from the defaults that a section names', () => {
    const text =
      'defaults one\n default-server check\n default_backend b\ndefaults two\nfrontend f from one\n bind :16443\nbackend b from one\n server a 192.0.2.1:1\n';
    expect(find(text)).toMatchObject({ ok: true, value: { backend: 'b', servers: [{ options: ['check'] }] } });
  });

  const api = 'frontend f\n bind :16443\n default_backend b\nbackend b\n';
  it.each([
    ['server a 192.0.2.1:1', 'haproxy.cfg:1:1 ha/outside-section: Expected a section such as "global" before "server"'],
    ['frontend\n', 'haproxy.cfg:1:1 ha/section-name: Expected a name after "frontend"'],
    [`${api}backend b\n`, 'haproxy.cfg:5:9 ha/section-name: Expected a name of its own, found "b" again'],
    ['backend b from x\n', 'haproxy.cfg:1:16 ha/section-name: There is no "defaults x" before this line'],
    [`${api} server a "192.0.2.1:1\n`, 'haproxy.cfg:5:11 ha/open-quote: Expected " before the end of the line'],
    [
      `${api} server a \\\n 192.0.2.1:1\n`,
      'haproxy.cfg:5:11 ha/trailing-backslash: A backslash ends the line, and haproxy does not continue lines',
    ],
    [
      `${api} server a "$HOST:1"\n`,
      'haproxy.cfg:5:12 ha/environment: This value comes from the environment of the haproxy process, so it cannot be known',
    ],
    [
      `.if defined(X)\n${api}.endif\n`,
      'haproxy.cfg:1:1 ha/environment: ".if" is decided when haproxy starts, so it cannot be known',
    ],
    ['global\n', 'haproxy.cfg:1:1 ha/no-frontend: Expected a frontend that binds port 16443, found none'],
    ['frontend f\n bind\n', 'haproxy.cfg:2:2 ha/bind: Expected an address and a port after "bind"'],
    [
      'frontend f\n bind :16000-17000\n',
      'haproxy.cfg:2:7 ha/bind: Expected an address and one port, found ":16000-17000"',
    ],
    [
      `${api}listen g\n bind 192.0.2.9:16443\n`,
      'haproxy.cfg:6:7 ha/ambiguous-frontend: Expected one place that binds port 16443, found "f" and "g"',
    ],
    [
      'frontend f\n bind :16443\n use_backend b if TRUE\n',
      'haproxy.cfg:3:2 ha/no-backend: Frontend "f" chooses its backend by a rule',
    ],
    ['frontend f\n bind :16443\n', 'haproxy.cfg:1:1 ha/no-backend: Frontend "f" has no "default_backend"'],
    ['frontend f\n bind :16443\n default_backend x\n', 'haproxy.cfg:3:18 ha/no-backend: There is no backend "x"'],
    [api, 'haproxy.cfg:4:1 ha/no-server: Backend "b" has no server'],
    [`${api} server a\n`, 'haproxy.cfg:5:2 ha/server: Expected a name and an address after "server"'],
    [`${api} server a 192.0.2.1\n`, 'haproxy.cfg:5:11 ha/server: Expected an address and one port, found "192.0.2.1"'],
    [
      `${api} server a /run/x.sock\n`,
      'haproxy.cfg:5:11 ha/server: Expected an address and one port, found "/run/x.sock"',
    ],
    [
      `${api} server a 192.0.2.1:+1\n`,
      'haproxy.cfg:5:11 ha/server: Expected an address and one port, found "192.0.2.1:+1"',
    ],
    [
      `${api} server-template a 3 x:1\n`,
      'haproxy.cfg:5:2 ha/server: Expected servers by name, found "server-template"',
    ],
    [`${api} server a x:1\n server a y:1\n`, 'haproxy.cfg:6:9 ha/server: Server "a" is named twice'],
  ])('is refused with the place: %j', (text, message) => {
    expect(refusal(text)).toBe(message);
  });
});
