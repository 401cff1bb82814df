import { describe, expect, it } from 'vitest';
import { answer } from '../../../src/testing/facts.ts';

describe('The facts of a case', () => {
  const unit = { kind: 'unit', name: 'kubelet.service' } as const;

  it('are filled up with what is usual', () => {
    expect(answer(unit, [{ ask: { name: 'kubelet.service' }, fact: { activeState: 'active' } }])).toMatchObject({
      activeState: 'active',
      subState: 'dead',
      mainPid: 0,
    });
  });

  it('are refused where no host would answer so', () => {
    const misspelt = [{ ask: { kind: 'unit' }, fact: { activState: 'active' } }];
    expect(() => answer(unit, misspelt)).toThrow('Unrecognized key: "activState"');
    const wrong = [{ ask: { kind: 'unit' }, fact: { mainPid: 'none' } }];
    expect(() => answer(unit, wrong)).toThrow('at mainPid');
  });
});
