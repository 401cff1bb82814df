import type { Json, JsonObject } from '../../core/value.ts';
import type { Gathered } from './gathered.ts';

export function platformFacts(from: Gathered, machine: string): JsonObject {
  const nodename = from.first('/proc/sys/kernel/hostname') ?? '';
  const fqdn = from.section('fqdn').trim() || nodename;
  const markers = new Set(from.section('markers').split('\n'));
  return {
    system: from.first('/proc/sys/kernel/ostype') ?? 'Linux',
    kernel: from.first('/proc/sys/kernel/osrelease') ?? '',
    kernel_version: from.first('/proc/sys/kernel/version') ?? '',
    machine,
    architecture: /^i[3-6]86$/.test(machine) ? 'i386' : machine,
    nodename,
    hostname: nodename.split('.')[0] ?? '',
    fqdn,
    domain: fqdn.split('.').slice(1).join('.'),
    machine_id: from.first('/var/lib/dbus/machine-id') ?? from.first('/etc/machine-id') ?? '',
    cmdline: cmdline(from.first('/proc/cmdline') ?? ''),
    is_chroot: markers.has('chroot'),
    fips: from.first('/proc/sys/crypto/fips_enabled') === '1',
    selinux: selinux(from),
    apparmor: { status: markers.has('/sys/kernel/security/apparmor') ? 'enabled' : 'disabled' },
    pkg_mgr: packageManager(markers),
    service_mgr: serviceManager(from, markers),
    ...userFacts(from),
    ...hostKeys(from),
    date_time: dateTime(from.section('date').trim()),
    env: environment(from.section('env')),
    local: localFacts(from),
  };
}

/** Words keep their quotes; the last of several wins. */
function cmdline(text: string): JsonObject {
  const words = text.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      return at === -1 ? [word, true] : [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

function selinux(from: Gathered): JsonObject {
  const enforce = from.first('/sys/fs/selinux/enforce');
  if (enforce === undefined) return { status: 'disabled' };
  const config = (key: string): string =>
    from
      .lines('/etc/selinux/config')
      .find((line) => line.startsWith(`${key}=`))
      ?.slice(key.length + 1)
      .trim() ?? 'unknown';
  return {
    status: 'enabled',
    mode: enforce === '1' ? 'enforcing' : 'permissive',
    config_mode: config('SELINUX'),
    type: config('SELINUXTYPE'),
    policyvers: Number(from.first('/sys/fs/selinux/policyvers') ?? 0),
  };
}

/** Where a distribution has several, the one that it prefers comes first. */
function packageManager(markers: ReadonlySet<string>): string {
  const managers = [
    ['/usr/bin/apt-get', 'apt'],
    ['/usr/bin/dnf', 'dnf'],
    ['/usr/bin/yum', 'yum'],
    ['/usr/bin/zypper', 'zypper'],
    ['/sbin/apk', 'apk'],
    ['/usr/bin/pacman', 'pacman'],
  ] as const;
  return managers.find(([path]) => markers.has(path))?.[1] ?? 'unknown';
}

/** Process 1 tells, unless it is called `init` or is a shell. */
function serviceManager(from: Gathered, markers: ReadonlySet<string>): string {
  const first = from.first('/proc/1/comm') ?? 'init';
  const renamed: Readonly<Record<string, string>> = {
    procd: 'openwrt_init',
    'runit-init': 'runit',
    svscan: 'svc',
    'openrc-init': 'openrc',
  };
  if (first !== 'init' && !first.endsWith('sh')) return renamed[first] ?? first;
  if (markers.has('/run/systemd/system')) return 'systemd';
  if (markers.has('/sbin/openrc')) return 'openrc';
  return markers.has('/etc/init.d') ? 'sysvinit' : 'service';
}

function userFacts(from: Gathered): JsonObject {
  const [, uid = '', name = '', gid = ''] = /^uid=(\d+)(?:\(([^)]*)\))? gid=(\d+)/.exec(from.section('id')) ?? [];
  const [, , , , gecos = '', home = '', shell = ''] = from.section('passwd').trim().split(':');
  return {
    user_id: name === '' ? uid : name,
    user_uid: Number(uid),
    user_gid: Number(gid),
    user_gecos: gecos,
    user_dir: home,
    user_shell: shell,
    real_user_id: Number(uid),
    effective_user_id: Number(uid),
    real_group_id: Number(gid),
    effective_group_id: Number(gid),
  };
}

/** `ssh_host_key_ed25519_public` and its type. */
function hostKeys(from: Gathered): JsonObject {
  return Object.fromEntries(
    from.paths('/etc/ssh/ssh_host_').flatMap((path) => {
      const kind = /ssh_host_(.+)_key\.pub$/.exec(path)?.[1];
      const [type = '', key] = (from.first(path) ?? '').split(' ');
      if (kind === undefined || key === undefined) return [];
      return [
        [`ssh_host_key_${kind}_public`, key],
        [`ssh_host_key_${kind}_public_keytype`, type],
      ] as const;
    }),
  );
}

function dateTime(text: string): JsonObject {
  const [year = '', month = '', day = '', hour = '', minute = '', second = '', epoch = '', nanos = '', ...rest] =
    text.split('|');
  const [zone = '', offset = '', weekday = '', weekdayNumber = '', week = ''] = rest;
  const micros = /^\d{9}$/.test(nanos) ? nanos.slice(0, 6) : '000000';
  const utc = epoch === '' ? '' : new Date(Number(epoch) * 1000).toISOString().slice(0, 19);
  const basic = `${year}${month}${day}T${hour}${minute}${second}`;
  return {
    year,
    month,
    day,
    hour,
    minute,
    second,
    date: `${year}-${month}-${day}`,
    time: `${hour}:${minute}:${second}`,
    epoch,
    epoch_int: epoch,
    weekday,
    weekday_number: weekdayNumber,
    weeknumber: week,
    iso8601: `${utc}Z`,
    iso8601_micro: `${utc}.${micros}Z`,
    iso8601_basic: `${basic}${micros}`,
    iso8601_basic_short: basic,
    tz: zone,
    tz_offset: offset,
  };
}

function environment(text: string): JsonObject {
  return Object.fromEntries(
    text.split('\0').flatMap((entry) => {
      const at = entry.indexOf('=');
      return at <= 0 ? [] : [[entry.slice(0, at), entry.slice(at + 1)]];
    }),
  );
}

/** JSON or INI, as Ansible's facts.d holds them; programs there are not run. */
function localFacts(from: Gathered): JsonObject {
  return Object.fromEntries(
    from.sections('local ').map(([path, text]) => [path.replace(/^.*\/|\.fact$/g, ''), parsedFact(path, text)]),
  );
}

function parsedFact(path: string, text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return iniFact(text) ?? `error loading facts as JSON or ini - please check content: ${path}`;
  }
}

function iniFact(text: string): Json | undefined {
  const sections: Record<string, Record<string, string>> = {};
  let current: Record<string, string> | undefined;
  for (const line of text.split('\n')) {
    const plain = line.trim();
    if (plain === '' || /^[#;]/.test(plain)) continue;
    const name = /^\[(.+)\]$/.exec(plain)?.[1];
    const [, key, value = ''] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(plain) ?? [];
    if (name !== undefined) sections[name] = current = sections[name] ?? {};
    else if (current === undefined || key === undefined) return undefined;
    else current[key.toLowerCase()] = value;
  }
  return sections;
}
