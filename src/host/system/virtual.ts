import type { JsonObject } from '../../core/value.ts';
import type { Gathered } from './gathered.ts';

interface Verdict {
  readonly type: string;
  readonly role: 'guest' | 'host';
}

/** What the firmware calls itself, and who stands behind it. */
const vendors: readonly (readonly [file: string, names: readonly string[], type: string])[] = [
  ['product_name', ['KVM', 'KVM Server', 'Bochs', 'AHV'], 'kvm'],
  ['sys_vendor', ['oVirt'], 'oVirt'],
  ['product_name', ['RHEV Hypervisor'], 'RHEV'],
  ['product_name', ['VMware Virtual Platform', 'VMware7,1', 'VMware20,1'], 'VMware'],
  ['product_name', ['OpenStack Compute', 'OpenStack Nova'], 'openstack'],
  ['bios_vendor', ['Xen'], 'xen'],
  ['bios_vendor', ['innotek GmbH'], 'virtualbox'],
  ['bios_vendor', ['Amazon EC2', 'DigitalOcean', 'Hetzner'], 'kvm'],
  ['sys_vendor', ['QEMU', 'Amazon EC2', 'DigitalOcean', 'Google', 'Scaleway', 'Nutanix'], 'kvm'],
  ['sys_vendor', ['KubeVirt'], 'KubeVirt'],
  ['sys_vendor', ['Microsoft Corporation'], 'VirtualPC'],
  ['sys_vendor', ['Parallels Software International Inc.'], 'parallels'],
  ['sys_vendor', ['OpenStack Foundation'], 'openstack'],
];

/** Containers first, then the machine that they may run on, then what it hosts itself. */
export function virtualizationFacts(from: Gathered): JsonObject {
  const markers = new Set(from.section('markers').split('\n'));
  const found = container(from, markers) ?? machine(from, markers) ?? host(markers);
  return { virtualization_type: found?.type ?? 'NA', virtualization_role: found?.role ?? 'NA' };
}

function container(from: Gathered, markers: ReadonlySet<string>): Verdict | undefined {
  const groups = from.lines('/proc/1/cgroup').join('\n');
  const own = from.section('environment');
  const guest = (type: string): Verdict => ({ type, role: 'guest' });
  if (/\/docker(\/|-[0-9a-f]+\.scope)/.test(groups)) return guest('docker');
  if (/\/lxc\/|\/machine\.slice\/machine-lxc/.test(groups)) return guest('lxc');
  if (groups.includes('/system.slice/containerd.service')) return guest('containerd');
  if (own.includes('container=lxc')) return guest('lxc');
  if (own.includes('container=podman')) return guest('podman');
  if (/^container=./m.test(own)) return guest('container');
  if (markers.has('/proc/vz')) return { type: 'openvz', role: markers.has('/proc/bc') ? 'host' : 'guest' };
  const systemd = from.first('/run/systemd/container');
  if (systemd !== undefined && systemd !== '') return guest(systemd);
  return markers.has('/.dockerenv') ? guest('docker') : undefined;
}

function machine(from: Gathered, markers: ReadonlySet<string>): Verdict | undefined {
  if (markers.has('/proc/xen')) return { type: 'xen', role: 'guest' };
  const vendor = vendors.find(([file, names]) => names.includes(from.first(`/sys/class/dmi/id/${file}`) ?? ''));
  if (vendor !== undefined) return { type: vendor[2], role: 'guest' };
  return from.section('cpu').includes('QEMU Virtual CPU') ? { type: 'kvm', role: 'guest' } : undefined;
}

function host(markers: ReadonlySet<string>): Verdict | undefined {
  if (markers.has('/sys/module/kvm') || markers.has('/dev/kvm')) return { type: 'kvm', role: 'host' };
  return markers.has('/sys/module/vboxdrv') ? { type: 'virtualbox', role: 'host' } : undefined;
}
