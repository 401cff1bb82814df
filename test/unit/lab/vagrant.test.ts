import { describe, expect, it } from 'vitest';
import { parseSshConfig } from '../../../src/lab/vagrant.ts';

describe('what Vagrant says of ssh', () => {
  it('gives address, port and key of each machine, quoted or not', () => {
    const hosts = parseSshConfig(`Host cp1
  HostName 127.0.0.1
  User vagrant
  Port 2222
  IdentityFile "/home/me/my labs/cp1/private_key"

Host w1
  HostName 192.168.121.4
  User vagrant
  Port 22
  IdentityFile /k/w1
`);
    expect(hosts.get('cp1')?.get('Port')).toBe('2222');
    expect(hosts.get('cp1')?.get('IdentityFile')).toBe('/home/me/my labs/cp1/private_key');
    expect(hosts.get('w1')?.get('HostName')).toBe('192.168.121.4');
  });
});
