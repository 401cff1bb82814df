import type { JsonObject } from '../../core/value.ts';
import type { Gathered } from './gathered.ts';

/** `KEY="value"` lines. */
function assignments(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const [, key, value = ''] = /^\s*([A-Z_]+)=(.*?)\s*$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, value.replace(/^(["'])(.*)\1$/, '$2')] as const];
    }),
  );
}

/** os-release's `ID` as Ansible names distributions. */
const names: Readonly<Record<string, string>> = {
  almalinux: 'AlmaLinux',
  alpine: 'Alpine',
  amzn: 'Amazon',
  arch: 'Archlinux',
  centos: 'CentOS',
  debian: 'Debian',
  devuan: 'Devuan',
  fedora: 'Fedora',
  kali: 'Kali',
  linuxmint: 'Linux Mint',
  ol: 'OracleLinux',
  'opensuse-leap': 'openSUSE Leap',
  'opensuse-tumbleweed': 'openSUSE Tumbleweed',
  raspbian: 'Debian',
  rhel: 'RedHat',
  rocky: 'Rocky',
  sles: 'SLES',
  ubuntu: 'Ubuntu',
};

const families: readonly (readonly [family: string, ids: RegExp])[] = [
  ['Debian', /^(debian|ubuntu|raspbian|kali|linuxmint|devuan|pop|neon|parrot|deepin)$/],
  ['RedHat', /^(rhel|centos|fedora|rocky|almalinux|ol|amzn|scientific|cloudlinux|eurolinux)$/],
  ['Suse', /^(sles|sled|opensuse.*|suse)$/],
  ['Alpine', /^(alpine|adelie)$/],
  ['Archlinux', /^(arch|manjaro|antergos)$/],
];

export function distributionFacts(from: Gathered): JsonObject {
  const release = assignments(
    from.lines('/etc/os-release').length > 0 ? from.lines('/etc/os-release') : from.lines('/usr/lib/os-release'),
  );
  const id = release.get('ID') ?? '';
  const version = versionOf(from, id, release);
  const [major = 'NA', minor] = version.split('.');
  const name = names[id] ?? release.get('NAME') ?? 'NA';
  return {
    distribution: name,
    distribution_version: version,
    distribution_major_version: major,
    ...(minor === undefined || !/^(debian|rocky|almalinux|rhel|centos|ol|fedora|amzn)$/.test(id)
      ? {}
      : { distribution_minor_version: minor }),
    distribution_release: codename(from, id, release),
    os_family: families.find(([, ids]) => ids.test(id))?.[0] ?? familyLike(release.get('ID_LIKE') ?? '') ?? name,
    lsb: lsbFacts(from, release, name),
  };
}

function familyLike(like: string): string | undefined {
  return families.find(([, ids]) => like.split(' ').some((id) => ids.test(id)))?.[0];
}

/** Debian and Alpine tell their minor version elsewhere. */
function versionOf(from: Gathered, id: string, release: ReadonlyMap<string, string>): string {
  const own = release.get('VERSION_ID') ?? '';
  const debian = from.first('/etc/debian_version') ?? '';
  if (id === 'debian' && /^\d/.test(debian)) return debian;
  if (id === 'alpine') return from.first('/etc/alpine-release') ?? own;
  const redhat = /release (\d+(?:\.\d+)*)/.exec(from.first('/etc/redhat-release') ?? '')?.[1];
  if (redhat !== undefined && redhat.startsWith(own)) return redhat;
  return own === '' ? 'NA' : own;
}

function codename(from: Gathered, id: string, release: ReadonlyMap<string, string>): string {
  const own = release.get('VERSION_CODENAME') ?? release.get('UBUNTU_CODENAME');
  if (own !== undefined && own !== '') return own;
  const redhat = from.first('/etc/redhat-release') ?? '';
  if (redhat.includes('CentOS Stream')) return 'Stream';
  const bracketed = /\(([^)]+)\)/.exec(redhat === '' ? (release.get('VERSION') ?? '') : redhat)?.[1];
  return bracketed ?? (id === 'fedora' ? '' : 'NA');
}

/** What `lsb_release` would say, without starting it: it takes longer than all other facts together. */
function lsbFacts(from: Gathered, release: ReadonlyMap<string, string>, name: string): JsonObject {
  const own = assignments(from.lines('/etc/lsb-release'));
  const hasTool = from.section('markers').split('\n').includes('/usr/bin/lsb_release');
  if (own.size === 0 && !hasTool) return {};
  const number = own.get('DISTRIB_RELEASE') ?? release.get('VERSION_ID') ?? 'n/a';
  return {
    id: own.get('DISTRIB_ID') ?? name,
    release: number,
    major_release: number.split('.')[0] ?? number,
    description: own.get('DISTRIB_DESCRIPTION') ?? release.get('PRETTY_NAME') ?? name,
    codename: own.get('DISTRIB_CODENAME') ?? release.get('VERSION_CODENAME') ?? 'n/a',
  };
}
