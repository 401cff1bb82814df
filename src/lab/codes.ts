import type { CodeTable } from '../core/diagnostic.ts';

/** Everything that `hlb lab` can refuse. */
export const labCodes: CodeTable = {
  'lab/not-linux': {
    title: 'The nspawn provider needs Linux',
    explanation:
      'Hosts of the provider "nspawn" are systemd-nspawn containers, which only Linux has. The provider "vagrant" makes virtual machines with VirtualBox or libvirt and runs anywhere.',
  },
  'lab/not-root': {
    title: 'The nspawn provider needs root',
    explanation:
      'Hosts of the provider "nspawn" are containers with their own network, mounts and cgroups, which only root can make. Run the command with sudo, or take the provider "vagrant".',
  },
  'lab/missing-packages': {
    title: 'The machine lacks what the lab is made with',
    explanation:
      'On Debian and Ubuntu, root gets the missing packages installed by itself. Elsewhere install what the message names, or take the provider "vagrant".',
  },
  'lab/command-failed': {
    title: 'A command that the lab is made with failed',
    explanation:
      'The message holds the command and the end of what it said. After mending the cause run "hlb lab up" again: it goes on from there.',
  },
  'lab/host-did-not-boot': {
    title: 'A host of the lab did not boot',
    explanation:
      'The console of the host shows how far systemd came. "hlb lab down" and "hlb lab up" make the host anew.',
  },
  'lab/unreadable-state': {
    title: 'The state of a lab was written by another version',
    explanation: 'A lab is cheap: "hlb lab down" removes it whatever its state says, and "hlb lab up" makes another.',
  },
  'lab/too-many': {
    title: 'There is no block of addresses left',
    explanation: 'Each lab takes one of 250 blocks of 198.18.0.0/15. Remove labs that are no longer needed.',
  },
  'lab/image-gone': {
    title: 'The image of a lab was deleted',
    explanation:
      'The hosts of a lab lie on an image in the cache. Without it they cannot be started again: make the lab anew.',
  },
  'lab/not-removed': {
    title: 'Something of a lab could not be removed',
    explanation:
      'A process that cannot be killed (usually one that waits for a disk) holds it. "hlb lab down" can be run again.',
  },
  'lab/bad-name': {
    title: 'The name of a lab is not usable',
    explanation:
      'It becomes part of machine names, paths and file names: at most 20 lower-case letters, digits and dashes, beginning with a letter.',
  },
  'lab/bad-shape': {
    title: 'The lab asked for cannot be made',
    explanation: 'A lab has at least one host, and no more of a kind than its block of addresses has room for.',
  },
  'lab/bad-k8s-dir': {
    title: 'The folder of Kubernetes binaries is not complete',
    explanation:
      'With --k8s-dir the hosts run what lies there: bin/ needs kubelet, kubeadm, kubectl and crictl, images/ the tars of the control plane. Without it they get test doubles.',
  },
  'lab/not-built': {
    title: 'The test doubles are not compiled',
    explanation:
      'From a checkout, hosts get the doubles that "npm run build" wrote to dist/. An installed package has them.',
  },
  'lab/no-vagrant': {
    title: 'Vagrant is not installed',
    explanation:
      'The provider "vagrant" drives the program of that name, which needs VirtualBox or libvirt. On Linux, root can take the provider "nspawn" instead.',
  },
  'lab/unknown-lab': {
    title: 'There is no lab of that name',
    explanation: '"hlb lab status" lists the labs of this machine; "hlb lab up --name NAME" makes one.',
  },
  'lab/unknown-host': {
    title: 'The lab has no host of that name',
    explanation: 'Control planes are cp1, cp2 …, workers w1 …, balancers lb1 …',
  },
  'lab/host-stopped': {
    title: 'The host does not run',
    explanation: 'It was powered off or its machine was restarted. "hlb lab up" starts every host that has stopped.',
  },
};
