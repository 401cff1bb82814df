import { createHash } from 'node:crypto';

/** The Debian release of the hosts: its systemd still boots on cgroup version 1. */
export const hostSuite = 'bookworm';

/** No Python, no Perl beyond Debian's base: what hlb asks of a host must not be there by accident. */
export const hostPackages = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'openssh-server',
  'iproute2',
  'iputils-ping',
  'iputils-arping',
  'procps',
  'kmod',
  'containerd',
  'runc',
  'curl',
  'ca-certificates',
  'sudo',
  'iptables',
  'socat',
  'conntrack',
  'ethtool',
  'openssl',
  'gpg',
  'gpg-agent',
  'haproxy',
  'busybox-static',
  'xz-utils',
  'unzip',
] as const;

/** Small packages without dependencies, kept in a repository on the host itself: something to install without a network. */
export const offeredPackages = ['hello', 'tree', 'sl'] as const;

/** Units that only cost time in a lab. */
const maskedUnits = [
  'systemd-networkd.service',
  'systemd-networkd.socket',
  'systemd-resolved.service',
  'systemd-udevd.service',
  'systemd-udev-trigger.service',
  'systemd-pcrphase.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'motd-news.timer',
  'console-getty.service',
  'getty.target',
] as const;

/** Files of the image: path, mode, text. */
export const imageFiles: readonly { readonly path: string; readonly mode: number; readonly text: string }[] = [
  {
    path: '/usr/lib/hlb-lab/mounts',
    mode: 0o755,
    // Version 1 hierarchies come read-only from nspawn, and containerd needs shared mounts.
    text: `#!/bin/sh
mount --make-rshared /
while read -r device mount type rest; do
  if [ "$type" = cgroup ]; then mount -o remount,bind,rw "$mount"; fi
done < /proc/mounts
`,
  },
  {
    path: '/usr/lib/hlb-lab/network',
    mode: 0o755,
    // networkd waits for udev where /sys is writable: for ever. A reboot of the host comes past here again.
    text: `#!/bin/sh
. /etc/hlb-lab/network
ip link set host0 up && ip addr replace "$ADDRESS" dev host0 && ip route replace default via "$GATEWAY"
`,
  },
  {
    path: '/etc/systemd/system/hlb-lab-mounts.service',
    mode: 0o644,
    text: `[Unit]
Description=hlb lab: writable cgroups and shared mounts
DefaultDependencies=no
Before=sysinit.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/lib/hlb-lab/mounts

[Install]
WantedBy=sysinit.target
`,
  },
  {
    path: '/etc/systemd/system/hlb-lab-network.service',
    mode: 0o644,
    text: `[Unit]
Description=hlb lab: address of host0
DefaultDependencies=no
Before=network-pre.target sysinit.target
Wants=network-pre.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/lib/hlb-lab/network

[Install]
WantedBy=sysinit.target
`,
  },
  {
    path: '/etc/ssh/sshd_config.d/10-lab.conf',
    mode: 0o644,
    text: 'HostKey /etc/ssh/ssh_host_ed25519_key\nPermitRootLogin prohibit-password\nUseDNS no\n',
  },
  {
    path: '/etc/containerd/config.toml',
    mode: 0o644,
    text: `version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.k8s.io/pause:3.6"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "/etc/cni/net.d"
`,
  },
  { path: '/etc/sudoers.d/ops', mode: 0o440, text: 'ops ALL=(ALL) NOPASSWD: ALL\n' },
];

/** Runs inside the new image, as root, with the network of the machine that builds it. */
export const imageScript = `set -e
mkdir -p /srv/hlb-apt && cd /srv/hlb-apt
chown _apt . && apt-get download -q ${offeredPackages.join(' ')}
for deb in *.deb; do
  dpkg-deb -f "$deb"
  echo "Filename: ./$deb"
  echo "Size: $(stat -c %s "$deb")"
  echo "SHA256: $(sha256sum "$deb" | cut -d' ' -f1)"
  echo
done > Packages
rm -rf /etc/apt/sources.list.d/* /etc/ssh/ssh_host_*_key*
echo 'deb [trusted=yes] file:/srv/hlb-apt ./' > /etc/apt/sources.list
systemctl mask -q ${maskedUnits.join(' ')}
systemctl disable -q haproxy.service
systemctl enable -q ssh.service containerd.service hlb-lab-mounts.service hlb-lab-network.service
systemctl set-default -q multi-user.target
useradd --create-home --shell /bin/bash --uid 1000 ops
mkdir -p /etc/hlb-lab /etc/cni/net.d /var/lib/containerd /var/lib/kubelet /var/lib/etcd /opt/hlb-doubles /opt/cni/bin
rm -f /var/lib/dbus/machine-id
`;

/** The name of the image that this recipe makes: another recipe is another image. */
export function recipeHash(sources: string): string {
  return createHash('sha256')
    .update(JSON.stringify([hostSuite, hostPackages, imageFiles, imageScript, sources]))
    .digest('hex')
    .slice(0, 16);
}
