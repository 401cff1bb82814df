/** What `hlb lab up` was given. */
export interface LabUpArguments {
  readonly name: string;
  readonly provider: 'nspawn' | 'vagrant';
  readonly controlPlanes: number;
  readonly workers: number;
  readonly balancers: number;
  readonly k8sDir?: string;
}
