import { describe, expect, it } from 'vitest';
import { distributionFacts } from '../../../src/host/system/distribution.ts';
import type { Gathered } from '../../../src/host/system/gathered.ts';
import { gatheredFrom } from '../../../src/host/system/gathered.ts';
import { hardwareFacts } from '../../../src/host/system/hardware.ts';
import { networkFacts } from '../../../src/host/system/network.ts';
import { platformFacts } from '../../../src/host/system/platform.ts';
import { virtualizationFacts } from '../../../src/host/system/virtual.ts';

/** As the script prints it: lines of files behind their paths, then sections. */
function gathered(files: Readonly<Record<string, string>>, sections: Readonly<Record<string, string>> = {}): Gathered {
  const head = Object.entries(files).flatMap(([path, text]) => text.split('\n').map((line) => `${path}:${line}`));
  const rest = Object.entries(sections).map(([name, text]) => `\0${name}\n${text}`);
  return gatheredFrom(Buffer.from(`${head.join('\n')}\n${rest.join('')}`));
}

describe('the distribution', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, object])[] = [
    [
      'Ubuntu',
      {
        '/etc/os-release':
          'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian',
        '/etc/lsb-release':
          'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=24.04\nDISTRIB_CODENAME=noble\nDISTRIB_DESCRIPTION="Ubuntu 24.04.1 LTS"',
        '/etc/debian_version': 'trixie/sid',
      },
      {
        distribution: 'Ubuntu',
        distribution_version: '24.04',
        distribution_major_version: '24',
        distribution_release: 'noble',
        os_family: 'Debian',
        lsb: {
          id: 'Ubuntu',
          release: '24.04',
          major_release: '24',
          description: 'Ubuntu 24.04.1 LTS',
          codename: 'noble',
        },
      },
    ],
    [
      'Debian',
      {
        '/etc/os-release':
          'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian',
        '/etc/debian_version': '12.11',
      },
      {
        distribution: 'Debian',
        distribution_version: '12.11',
        distribution_major_version: '12',
        distribution_minor_version: '11',
        distribution_release: 'bookworm',
        os_family: 'Debian',
        lsb: {},
      },
    ],
    [
      'Rocky Linux',
      {
        '/etc/os-release':
          'NAME="Rocky Linux"\nVERSION="9.4 (Blue Onyx)"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"',
        '/etc/redhat-release': 'Rocky Linux release 9.4 (Blue Onyx)',
      },
      {
        distribution: 'Rocky',
        distribution_version: '9.4',
        distribution_major_version: '9',
        distribution_release: 'Blue Onyx',
        os_family: 'RedHat',
      },
    ],
    [
      'CentOS Stream',
      {
        '/etc/os-release': 'NAME="CentOS Stream"\nVERSION="9"\nID="centos"\nVERSION_ID="9"',
        '/etc/redhat-release': 'CentOS Stream release 9',
      },
      { distribution: 'CentOS', distribution_version: '9', distribution_release: 'Stream', os_family: 'RedHat' },
    ],
    [
      'Alpine',
      { '/etc/os-release': 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.3', '/etc/alpine-release': '3.20.3' },
      {
        distribution: 'Alpine',
        distribution_version: '3.20.3',
        distribution_major_version: '3',
        distribution_release: 'NA',
        os_family: 'Alpine',
      },
    ],
    [
      'one that nobody knows',
      { '/etc/os-release': 'NAME="My Linux"\nID=mine\nID_LIKE="ubuntu debian"\nVERSION_ID="1"' },
      { distribution: 'My Linux', os_family: 'Debian', distribution_version: '1' },
    ],
    ['nothing at all', {}, { distribution: 'NA', distribution_version: 'NA', os_family: 'NA' }],
  ];
  it.each(cases)('is told for %s', (_, files, expected) => {
    expect(distributionFacts(gathered(files))).toMatchObject(expected);
  });
});

describe('the network', () => {
  it('tells aliases, secondary addresses, bridges and the way out', () => {
    const from = gathered(
      {
        '/sys/class/net/eth0/mtu': '1500',
        '/sys/class/net/eth0/address': '02:00:00:00:00:01',
        '/sys/class/net/eth0/operstate': 'up',
        '/sys/class/net/eth0/type': '1',
        '/sys/class/net/eth0/flags': '0x1103',
        '/sys/class/net/br-0/mtu': '9000',
        '/sys/class/net/br-0/type': '1',
        '/sys/class/net/br-0/bridge/bridge_id': '8000.020000000001',
        '/sys/class/net/br-0/bridge/stp_state': '1',
        '/etc/resolv.conf':
          '# comment\nnameserver 192.0.2.53\nnameserver 192.0.2.54\nsearch a.example b.example\noptions ndots:2 rotate',
      },
      {
        markers: '/sys/class/net/br-0/brif/veth1\n',
        addresses: [
          '2: eth0    inet 192.0.2.10/24 brd 192.0.2.255 scope global eth0\\       valid_lft forever preferred_lft forever',
          '2: eth0    inet 192.0.2.11/24 brd 192.0.2.255 scope global secondary eth0:1\\       valid_lft forever',
          '2: eth0    inet 198.51.100.1/32 scope global dynamic noprefixroute eth0',
          '2: eth0    inet6 fe80::1/64 scope link \\       valid_lft forever',
          '3: ppp0    inet 10.0.0.1 peer 10.0.0.2/32 scope global ppp0',
          '',
        ].join('\n'),
        route4: '8.8.8.8 via 192.0.2.1 dev eth0 src 192.0.2.10 uid 0 \n    cache\n',
        route6: 'RTNETLINK answers: Network is unreachable\n',
      },
    );
    const first = {
      address: '192.0.2.10',
      broadcast: '192.0.2.255',
      netmask: '255.255.255.0',
      network: '192.0.2.0',
      prefix: '24',
    };
    const second = { ...first, address: '192.0.2.11' };
    const third = {
      address: '198.51.100.1',
      broadcast: '',
      netmask: '255.255.255.255',
      network: '198.51.100.1',
      prefix: '32',
    };
    expect(networkFacts(from)).toEqual({
      interfaces: ['eth0', 'br-0', 'eth0_1', 'ppp0'],
      eth0: {
        device: 'eth0',
        macaddress: '02:00:00:00:00:01',
        mtu: 1500,
        active: true,
        type: 'ether',
        promisc: true,
        ipv4: first,
        ipv4_secondaries: [second, third],
        ipv6: [{ address: 'fe80::1', prefix: '64', scope: 'link' }],
      },
      br_0: {
        device: 'br-0',
        mtu: 9000,
        active: true,
        type: 'bridge',
        id: '8000.020000000001',
        stp: true,
        interfaces: ['veth1'],
        promisc: false,
      },
      eth0_1: { ipv4_secondaries: [second] },
      ppp0: {
        device: 'ppp0',
        ipv4: { address: '10.0.0.1', broadcast: '', netmask: '255.255.255.255', network: '10.0.0.1', prefix: '32' },
      },
      default_ipv4: {
        interface: 'eth0',
        gateway: '192.0.2.1',
        ...first,
        alias: 'eth0',
        macaddress: '02:00:00:00:00:01',
        mtu: 1500,
        type: 'ether',
      },
      default_ipv6: {},
      all_ipv4_addresses: ['192.0.2.10', '192.0.2.11', '198.51.100.1', '10.0.0.1'],
      all_ipv6_addresses: ['fe80::1'],
      dns: {
        nameservers: ['192.0.2.53', '192.0.2.54'],
        search: ['a.example', 'b.example'],
        options: { ndots: '2', rotate: true },
      },
    });
  });
});

describe('the hardware', () => {
  it('counts sockets, cores and threads', () => {
    const cpu = (processor: number, socket: number): string =>
      `processor\t: ${processor}\nvendor_id\t: X\nmodel name\t: Y\nphysical id\t: ${socket}\nsiblings\t: 4\ncore id\t\t: 0\ncpu cores\t: 2\n`;
    const all = Array.from({ length: 8 }, (_, index) => cpu(index, index < 4 ? 0 : 1)).join('\n');
    const facts = hardwareFacts(gathered({ '/proc/self/status': 'Cpus_allowed_list:\t0-2,7' }, { cpu: all }), 'x86_64');
    expect(facts).toMatchObject({
      processor_count: 2,
      processor_cores: 2,
      processor_threads_per_core: 2,
      processor_vcpus: 8,
      processor_nproc: 4,
      product_name: 'NA',
    });
  });

  it('lists devices that are mounted, with their space', () => {
    const files = {
      '/proc/mounts': 'proc /proc proc rw 0 0\n/dev/sda1 /mnt/a\\040b ext4 rw,relatime 0 1\nsrv:/x /nfs nfs4 rw 0 0',
      '/sys/block/sda/size': '2097152',
      '/sys/block/sda/sda1/size': '2048',
      '/sys/block/sda/sda1/start': '34',
    };
    const facts = hardwareFacts(gathered(files, { space: '4096 100 40 30 50 20 /mnt/a b\n' }), 'x86_64');
    expect(facts['mounts']).toEqual([
      {
        device: '/dev/sda1',
        mount: '/mnt/a b',
        fstype: 'ext4',
        options: 'rw,relatime',
        dump: 0,
        passno: 1,
        block_size: 4096,
        block_total: 100,
        block_available: 30,
        block_used: 70,
        size_total: 409600,
        size_available: 122880,
        inode_total: 50,
        inode_available: 20,
        inode_used: 30,
      },
      { device: 'srv:/x', mount: '/nfs', fstype: 'nfs4', options: 'rw', dump: 0, passno: 0 },
    ]);
    expect(facts['devices']).toMatchObject({
      sda: { size: '1.00 GB', partitions: { sda1: { size: '1.00 MB', start: '34' } } },
    });
  });
});

describe('the platform', () => {
  it('reads local facts as JSON or INI, and says when it can do neither', () => {
    const from = gathered(
      {},
      {
        'local /etc/ansible/facts.d/a.fact': '{"x": [1, 2]}',
        'local /etc/ansible/facts.d/b.fact': '# comment\n[main]\nKey = value : more\n[other]\nk: v\n',
        'local /etc/ansible/facts.d/c.fact': 'neither\n',
        env: 'A=1\0B=x=y\nz\0',
      },
    );
    expect(platformFacts(from, 'x86_64')).toMatchObject({
      local: {
        a: { x: [1, 2] },
        b: { main: { key: 'value : more' }, other: { k: 'v' } },
        c: 'error loading facts as JSON or ini - please check content: /etc/ansible/facts.d/c.fact',
      },
      env: { A: '1', B: 'x=y\nz' },
    });
  });

  it('tells SELinux, and who manages services and packages', () => {
    const files = {
      '/sys/fs/selinux/enforce': '1',
      '/sys/fs/selinux/policyvers': '33',
      '/etc/selinux/config': 'SELINUX=enforcing\nSELINUXTYPE=targeted',
      '/proc/1/comm': 'init',
    };
    expect(platformFacts(gathered(files, { markers: '/sbin/openrc\n/sbin/apk\n' }), 'i686')).toMatchObject({
      selinux: { status: 'enabled', mode: 'enforcing', config_mode: 'enforcing', type: 'targeted', policyvers: 33 },
      service_mgr: 'openrc',
      pkg_mgr: 'apk',
      architecture: 'i386',
    });
  });

  it('tells what it runs in', () => {
    const of = (files: Readonly<Record<string, string>>, sections = {}) =>
      virtualizationFacts(gathered(files, sections));
    expect(of({ '/run/systemd/container': 'systemd-nspawn' })).toEqual({
      virtualization_type: 'systemd-nspawn',
      virtualization_role: 'guest',
    });
    expect(of({ '/sys/class/dmi/id/sys_vendor': 'QEMU' })).toEqual({
      virtualization_type: 'kvm',
      virtualization_role: 'guest',
    });
    expect(of({}, { markers: '/sys/module/kvm\n' })).toEqual({
      virtualization_type: 'kvm',
      virtualization_role: 'host',
    });
    expect(of({})).toEqual({ virtualization_type: 'NA', virtualization_role: 'NA' });
  });
});
