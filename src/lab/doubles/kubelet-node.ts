import type { Cri } from './cri.ts';
import type { KubeletConfig } from './kubelet-config.ts';
import type { Log } from './pod-worker.ts';
import type { StaticPod } from './static-pods.ts';

export function joinCluster(_config: KubeletConfig, _cri: Cri, _pods: () => readonly StaticPod[], _log: Log): void {}
