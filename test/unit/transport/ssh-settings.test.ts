import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Target } from '../../../src/host/session.ts';
import { parseJump } from '../../../src/transport/jump.ts';
import { parseSshConfig, plainOptions } from '../../../src/transport/ssh-config.ts';
import { beyondSsh2, settingsOf } from '../../../src/transport/ssh-settings.ts';

const target: Target = { name: 'web1', connection: 'auto', address: 'alias', connectTimeoutMs: 1000 };
const home = homedir();
const nowhere = async (): Promise<boolean> => false;
const settings = (config: string, changes: Partial<Target> = {}, env: NodeJS.ProcessEnv = {}) =>
  settingsOf({ ...target, ...changes }, config === '' ? undefined : parseSshConfig(config), env);

describe('arguments for ssh', () => {
  it.each([
    [['-o', 'UserKnownHostsFile=/x/known', '-oStrictHostKeyChecking=no', '-o', 'userknownhostsfile=/y']],
    [['-o', 'ControlMaster=auto', '-o', 'ControlPersist=60s', '-o', 'ConnectTimeout=5', '-o', 'IdentitiesOnly=yes']],
    [['-o', 'GlobalKnownHostsFile=/dev/null', '-o', 'StrictHostKeyChecking=accept-new']],
  ])('that are plain say the same without ssh: %j', (args) => {
    const { stdout } = spawnSync('ssh', ['-F', '/dev/null', '-G', '-l', 'ops', ...args, 'alias'], { encoding: 'utf8' });
    const read = plainOptions(args);
    const of = (config: ReturnType<typeof plainOptions>) => settingsOf({ ...target, user: 'ops' }, config, {});
    expect(read).toBeDefined();
    expect({ ...of(read), identityFiles: [] }).toEqual({ ...of(parseSshConfig(stdout)), identityFiles: [] });
  });

  it.each([
    [['-o', 'ProxyJump=gate']],
    [['-J', 'gate']],
    [['-o', 'StrictHostKeyChecking=maybe']],
    [['-o', 'UserKnownHostsFile="/a b"']],
    [['-o', 'UserKnownHostsFile /x']],
    [['-o']],
    [['-o', 'UserKnownHostsFile=${HOME}/known']],
    [['-o', 'ConnectTimeout=99999999999']],
    [['-o', 'ControlPath=%x']],
    [['-F', '/x', '-o', 'ConnectTimeout=5']],
  ])('that are more than plain are for ssh to read: %j', (args) => {
    expect(plainOptions(args)).toBeUndefined();
  });
});

describe('the settings of a host', () => {
  it('are those of ssh where nothing is said', () => {
    expect(settings('', { user: 'ops' }, { SSH_AUTH_SOCK: '/run/agent' })).toMatchObject({
      host: 'alias',
      port: 22,
      user: 'ops',
      hostKey: 'strict',
      agentSocket: '/run/agent',
      jumps: [],
      identitiesOnly: false,
    });
  });

  it('are read from ssh -G', () => {
    const config = [
      'user deploy',
      'hostname 192.0.2.7',
      'port 2222',
      'hostkeyalias shelf',
      'identityfile ~/.ssh/deploy',
      'identityfile %d/.ssh/%r-%h',
      'identitiesonly yes',
      'userknownhostsfile ~/.ssh/known_hosts /x/more',
      'globalknownhostsfile none',
      'stricthostkeychecking accept-new',
      'identityagent $MY_AGENT',
      'proxyjump ops@gate:2200,inner',
      'addressfamily inet6',
      'hashknownhosts yes',
    ].join('\n');
    expect(settings(config, {}, { MY_AGENT: '/run/mine', SSH_AUTH_SOCK: '/run/other' })).toEqual({
      host: '192.0.2.7',
      port: 2222,
      user: 'deploy',
      hostKeyAlias: 'shelf',
      hostKey: 'accept-new',
      knownHostsFiles: [join(home, '.ssh/known_hosts'), '/x/more'],
      hashKnownHosts: true,
      identityFiles: [join(home, '.ssh/deploy'), join(home, '.ssh/deploy-192.0.2.7')],
      identitiesOnly: true,
      agentSocket: '/run/mine',
      jumps: ['ops@gate:2200', 'inner'],
      family: 6,
    });
  });

  it('let the inventory decide on host keys where it says something', () => {
    const config = 'stricthostkeychecking false\nuserknownhostsfile /x';
    expect(settings(config).hostKey).toBe('off');
    expect(settings(config, { hostKey: 'strict', knownHostsFile: '/y' })).toMatchObject({
      hostKey: 'strict',
      knownHostsFiles: ['/y'],
    });
    expect(settings('stricthostkeychecking ask').hostKey).toBe('strict');
  });

  it('use no agent where the configuration says none', () => {
    expect(settings('identityagent none', {}, { SSH_AUTH_SOCK: '/run/agent' }).agentSocket).toBeUndefined();
  });

  it.each([
    ['proxycommand nc %h %p', 'ProxyCommand'],
    ['proxycommand none', undefined],
    ['certificatefile ~/.ssh/id-cert.pub', 'CertificateFile'],
    ['pkcs11provider /usr/lib/p11.so', 'PKCS11Provider'],
    ['hostbasedauthentication yes', 'HostbasedAuthentication'],
    ['hostbasedauthentication no\nverifyhostkeydns false\nrevokedhostkeys none', undefined],
    ['gssapiauthentication yes', undefined],
  ])('know what only the system ssh can do: %s', async (line, expected) => {
    const config = `identityfile /nonexistent/id\n${line}`;
    expect(await beyondSsh2(settings(config), parseSshConfig(config), {}, nowhere)).toBe(expected);
  });

  it('leave GSSAPI to the system ssh where there is a ticket', async () => {
    const config = 'identityfile /nonexistent/id\ngssapiauthentication yes';
    expect(await beyondSsh2(settings(config), parseSshConfig(config), { KRB5CCNAME: '/x' }, nowhere)).toBe(
      'GSSAPIAuthentication',
    );
  });
});

describe('keys that ssh2 does not know', () => {
  it.each([
    ['/k/id-cert.pub', 'a certificate beside /k/id'],
    ['/k/id_ed25519_sk', 'the FIDO key /k/id_ed25519_sk'],
  ])('need the system ssh: %s', async (present, expected) => {
    const config = 'identityfile /k/id\nidentityfile /k/id_ed25519_sk';
    const exists = async (path: string): Promise<boolean> => path === present;
    expect(await beyondSsh2(settings(config), parseSshConfig(config), {}, exists)).toBe(expected);
  });
});

describe('a host of ProxyJump', () => {
  it.each([
    ['gate', { host: 'gate' }],
    ['ops@gate', { user: 'ops', host: 'gate' }],
    ['ops@gate:2200', { user: 'ops', host: 'gate', port: 2200 }],
    ['ssh://ops@gate:2200', { user: 'ops', host: 'gate', port: 2200 }],
    ['ops@[2001:db8::1]:22', { user: 'ops', host: '2001:db8::1', port: 22 }],
    ['a@b@gate', { user: 'a@b', host: 'gate' }],
    ['', undefined],
    ['gate:x', undefined],
  ])('is read: %s', (text, expected) => {
    expect(parseJump(text)).toEqual(expected);
  });
});
