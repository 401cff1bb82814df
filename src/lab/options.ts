import type { Say } from './say.ts';
import type { LabShape } from './shape.ts';

export const labProviders = ['nspawn', 'vagrant'] as const;
export type LabProvider = (typeof labProviders)[number];

/** Which lab; the default name is "lab". */
export interface LabName {
  readonly name: string;
  /** The directory whose `inventory/` gets the lab's inventory. */
  readonly project: string;
}

export interface LabUpOptions extends LabName {
  readonly provider: LabProvider;
  readonly shape: LabShape;
  /**
   * A folder with the real Kubernetes: `bin/` (kubelet, kubeadm, kubectl, crictl) and `images/` (*.tar). Without it the
   * hosts get test doubles.
   */
  readonly k8sDir?: string;
}

/** What a lab command needs of its surroundings. */
export interface LabIo {
  readonly say: Say;
  readonly env: Readonly<Record<string, string | undefined>>;
}
