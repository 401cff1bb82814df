/** How many hosts of which kind a lab has. */
export interface LabShape {
  readonly controlPlanes: number;
  readonly workers: number;
  readonly balancers: number;
}

export const defaultShape: LabShape = { controlPlanes: 3, workers: 2, balancers: 0 };

/** The largest numbers that the address plan has room for. */
export const largestShape: LabShape = { controlPlanes: 89, workers: 99, balancers: 49 };

export type LabGroup = 'control_plane' | 'workers' | 'balancers';

export interface LabHost {
  readonly name: string;
  readonly group: LabGroup;
  readonly address: string;
}

const kinds: readonly { group: LabGroup; prefix: string; first: number; count: (shape: LabShape) => number }[] = [
  { group: 'control_plane', prefix: 'cp', first: 11, count: (shape) => shape.controlPlanes },
  { group: 'workers', prefix: 'w', first: 101, count: (shape) => shape.workers },
  { group: 'balancers', prefix: 'lb', first: 201, count: (shape) => shape.balancers },
];

/** The block of lab number `index` (0 to 249), out of the test network 198.18.0.0/15. */
export function labNetwork(index: number): { readonly gateway: string; readonly cidr: string; readonly vip: string } {
  const base = `198.18.${index + 1}`;
  return { gateway: `${base}.1`, cidr: `${base}.0/24`, vip: `${base}.250` };
}

/** The hosts of a shape: cp1 …, w1 …, lb1 …; a host keeps its address when the shape grows. */
export function labHosts(shape: LabShape, index: number): readonly LabHost[] {
  return kinds.flatMap(({ group, prefix, first, count }) =>
    Array.from({ length: count(shape) }, (_, at) => ({
      name: `${prefix}${at + 1}`,
      group,
      address: `198.18.${index + 1}.${first + at}`,
    })),
  );
}

/** Both shapes at once: a lab that is already up keeps its hosts when fewer are asked for. */
export function unionShape(left: LabShape, right: LabShape): LabShape {
  return {
    controlPlanes: Math.max(left.controlPlanes, right.controlPlanes),
    workers: Math.max(left.workers, right.workers),
    balancers: Math.max(left.balancers, right.balancers),
  };
}
