import { afterAll, describe, expect, it } from 'vitest';
import { type Findings, type Guard, guards, type Operation, type Scenario, walk } from '../rig/ha-model.ts';

const operations = ['add', 'remove', 'replace', 'config'] as const;

/** Which healthy server the first node cannot reach: none, one of the old ones, the new one. Five with all reached. */
function scenariosOf(operation: Operation, most: number, rest: Partial<Scenario> = {}): readonly Scenario[] {
  const adds = operation === 'add' || operation === 'replace';
  return Array.from({ length: most }, (_, index) => index + 1).flatMap((controlPlanes) =>
    [undefined, controlPlanes - 1, ...(adds ? [controlPlanes] : [])]
      .filter((cutOff) => controlPlanes < 5 || cutOff === undefined)
      .map((cutOff) => ({ operation, controlPlanes, cutOff, failures: 1, least: 1, without: undefined, ...rest })),
  );
}

const counted = { states: 0, steps: 0 };

function walked(scenario: Scenario): Findings {
  const findings = walk(scenario);
  counted.states += findings.states;
  counted.steps += findings.steps;
  return findings;
}

function broken(guard: Guard, most: number): readonly Operation[] {
  return operations.filter((operation) =>
    scenariosOf(operation, most, { without: guard }).some((one) => walk(one).violation !== undefined),
  );
}

afterAll(() => {
  process.stdout.write(`never-empty model: ${counted.states} states, ${counted.steps} steps, no violation\n`);
});

describe('no step of hlb takes the last live backend of a node, or the quorum of etcd', () => {
  it.each(operations)('while it does "%s" with up to five control planes and a failure at any step', (operation) => {
    for (const scenario of scenariosOf(operation, 5)) expect(walked(scenario).violation).toBeUndefined();
  });

  it.each(operations)('while it does "%s" with up to three control planes and two failures', (operation) => {
    for (const scenario of scenariosOf(operation, 3, { failures: 2 }))
      expect(walked(scenario).violation).toBeUndefined();
  });

  it('and each operation comes to its end', () => {
    for (const operation of operations) {
      const [scenario] = scenariosOf(operation, 3, { failures: 0 }).slice(-1);
      expect(scenario === undefined ? 0 : walk({ ...scenario, cutOff: undefined }).done).toBeGreaterThan(0);
    }
  });
});

describe('the walk finds what each guard is for, when it is removed', () => {
  const expected: Readonly<Record<Guard, readonly Operation[]>> = {
    margin: ['config'],
    fresh: ['remove', 'replace', 'config'],
    expand: ['remove', 'replace'],
    verify: ['add', 'remove', 'replace'],
    quorum: ['remove', 'replace', 'config'],
    unknown: ['remove', 'replace', 'config'],
    undo: ['add', 'remove', 'replace'],
  };
  it.each(guards)('%s', (guard) => {
    expect(broken(guard, 3)).toEqual(expected[guard]);
  });
});
