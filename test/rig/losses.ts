import type { Saw } from '../../src/lab/clients.ts';

/** Something that the test broke, and until when losses may come of it. */
export interface Fault {
  readonly what: string;
  readonly at: number;
  readonly until: number;
  /** Where clients may feel it; every host where it is absent. */
  readonly host?: string;
}

export interface Run {
  readonly from: number;
  readonly until: number;
}

/** Lost requests by whose doing they were. */
export interface Losses {
  /** Of a fault that the test made. */
  readonly fault: number;
  /** Of hlb. */
  readonly run: number;
  /** Of neither: a test with such losses has measured nothing. */
  readonly nobody: number;
  /** The first of each kind but the first, for who reads a failure. */
  readonly examples: readonly string[];
}

/**
 * An API server that dies is believed up until two checks have failed: at most 2 s until the next check and 500 ms until
 * the one after it (`inter 2s fastinter 500ms fall 2`), and a second for a machine that is late.
 */
export const detectionMs = 3500;
/** What a run did is felt after its end as well: it counts until then. */
export const aftermathMs = 5000;

/**
 * Whose doing each loss was, by a rule that was made before anything was measured. A request lives from its start until it
 * is lost. One that lives at a moment when a fault is in force on its host is the fault's. Otherwise one that lives while
 * hlb runs, or within 5 s of its end, is hlb's. What remains is nobody's.
 */
export function lossesOf(saw: readonly Saw[], run: Run, faults: readonly Fault[]): Losses {
  const meets = (one: Run, at: number, until: number): boolean => at <= one.until && until >= one.from;
  const examples: string[] = [];
  const counts = { fault: 0, run: 0, nobody: 0 };
  for (const { host, lost } of saw) {
    for (const { at, until, why } of lost) {
      const felt = faults.filter((fault) => fault.host === undefined || fault.host === host);
      const of = felt.some((fault) => meets({ from: fault.at, until: fault.until }, at, until))
        ? 'fault'
        : meets({ from: run.from, until: run.until + aftermathMs }, at, until)
          ? 'run'
          : 'nobody';
      counts[of]++;
      if (of !== 'fault' && examples.length < 5)
        examples.push(`${host} ${at - run.from} ms after the start of hlb, within ${until - at} ms: ${why}`);
    }
  }
  return { ...counts, examples };
}

/** From when on these API servers answered /readyz with 200. */
export interface Readiness {
  readonly at: number;
  readonly ready: readonly string[];
}

export interface LowestMargin {
  readonly margin: number;
  readonly host: string;
  /** Which were left. */
  readonly keeps: readonly string[];
}

/**
 * The fewest API servers that the balancer of a node had up and that were ready, over all nodes and moments, but for those
 * of a node whose balancer itself the test has taken away.
 */
export function lowestMargin(
  saw: readonly Saw[],
  readiness: readonly Readiness[],
  faults: readonly Fault[] = [],
): LowestMargin | undefined {
  let lowest: LowestMargin | undefined;
  for (const { host, servers } of saw) {
    const first = servers[0]?.at ?? 0;
    const moments = [...servers, ...readiness.filter((one) => one.at > first)].map((one) => one.at);
    const away = faults.filter((fault) => fault.host === host);
    for (const at of moments.filter((one) => !away.some((fault) => one >= fault.at && one <= fault.until))) {
      const up = servers.findLast((one) => one.at <= at)?.up ?? [];
      const ready = readiness.findLast((one) => one.at <= at)?.ready ?? [];
      const keeps = up.filter((name) => ready.includes(name));
      if (lowest === undefined || keeps.length < lowest.margin) lowest = { margin: keeps.length, host, keeps };
    }
  }
  return lowest;
}
