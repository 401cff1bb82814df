/** Where kubeadm, kubelet and hlb keep what a node is made of. Paths are kubeadm's own. */
export const manifestsDirectory = '/etc/kubernetes/manifests';
export const kubeletConfig = '/var/lib/kubelet/config.yaml';
export const kubeletKubeconfig = '/etc/kubernetes/kubelet.conf';
export const bootstrapKubeconfig = '/etc/kubernetes/bootstrap-kubelet.conf';
export const adminKubeconfig = '/etc/kubernetes/admin.conf';
export const clusterCa = '/etc/kubernetes/pki/ca.crt';
export const standaloneDropIn = '/etc/systemd/system/kubelet.service.d/20-standalone.conf';
export const criSocket = 'unix:///run/containerd/containerd.sock';

/** Preflight names that kubeadm knows; refused as `all`, which hides real conflicts (kubeadm's own list, any case). */
export function preflightFlag(names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`--ignore-preflight-errors=${names.join(',')}`];
}
