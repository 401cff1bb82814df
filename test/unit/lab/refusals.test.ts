import { describe, expect, it } from 'vitest';
import { labCodes } from '../../../src/lab/codes.ts';
import { labDown, labExec, labSsh, labStatus, labUp } from '../../../src/lab/lab.ts';
import type { LabIo, LabUpOptions } from '../../../src/lab/options.ts';

const io: LabIo = {
  say: () => undefined,
  env: { HLB_LABS: '/nonexistent/labs', XDG_STATE_HOME: '/nonexistent', PATH: '' },
};
const options: LabUpOptions = {
  name: 'lab',
  project: '/nonexistent',
  provider: 'nspawn',
  shape: { controlPlanes: 1, workers: 0, balancers: 0 },
};

/** The code of a refusal, which must be in the catalogue. */
async function refusal(work: Promise<{ ok: boolean; error?: { code: string; message: string } }>): Promise<string> {
  const result = await work;
  expect(Object.keys(labCodes)).toContain(result.error?.code);
  return `${result.error?.code}: ${result.error?.message}`;
}

describe('a lab that cannot be', () => {
  it('is refused for its name', async () => {
    expect(await refusal(labUp({ ...options, name: 'My Lab' }, io))).toMatch(/^lab\/bad-name: .*found "My Lab"$/);
    expect(await refusal(labDown({ name: '../etc', project: '/' }, io))).toMatch(/^lab\/bad-name: /);
  });

  it('is refused for its shape', async () => {
    const shape = (controlPlanes: number, workers: number) => ({ controlPlanes, workers, balancers: 0 });
    expect(await refusal(labUp({ ...options, shape: shape(0, 0) }, io))).toMatch(/^lab\/bad-shape: /);
    expect(await refusal(labUp({ ...options, shape: shape(-1, 3) }, io))).toContain(
      'between 0 and 89 control planes, found -1',
    );
    expect(await refusal(labUp({ ...options, shape: shape(1, 1.5) }, io))).toContain('found 1.5');
  });

  it('is not there for who asks after it', async () => {
    expect(await refusal(labStatus('nosuch', io))).toMatch(/^lab\/unknown-lab: /);
    expect(await refusal(labExec({ name: 'nosuch' }, 'cp1', ['true'], io))).toMatch(/^lab\/unknown-lab: /);
    expect(await refusal(labSsh({ name: 'nosuch' }, 'cp1', [], io))).toMatch(/^lab\/unknown-lab: /);
    expect(await labStatus(undefined, io)).toEqual({ ok: true, value: [] });
  });
});
