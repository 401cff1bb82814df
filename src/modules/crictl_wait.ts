import { z } from 'zod';
import { containers, wait } from '../host/ask.ts';
import type { WaitQuery } from '../host/observation.ts';
import { type Context, defineModule } from '../module/define.ts';
import { filledText, float, required, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z.strictObject({
  pod: required(filledText(), 'Name of the static pod, without the node at its end'),
  container: required(filledText(), 'Name of the container in it'),
  timeout: withDefault(float(), 120, 'Seconds until it fails'),
  interval: withDefault(float(), 0.5, 'Seconds between looks'),
  stable: withDefault(
    float(),
    3,
    'Seconds for which it must stay the same container: one that crashes is also running, for 0.2 s at a time',
  ),
});

/** In check mode a single look: what starts the container may be a task that does not run there. */
function query(p: z.output<typeof params>, { check }: Pick<Context, 'check'>): WaitQuery {
  return wait(
    { kind: 'container', pod: p.pod, container: p.container, stableMs: check ? 0 : p.stable * 1000 },
    { timeoutMs: check ? 0 : p.timeout * 1000, intervalMs: p.interval * 1000 },
  );
}

/** Waits on the node, by the CRI alone: kubelet may be stopped, and no API server is asked. */
export default defineModule({
  name: 'crictl_wait',
  summary: 'Waits until one ready sandbox of a static pod runs its container, the same one in two looks',
  examples: ['crictl_wait:\n  pod: haproxy-apiserver-lb\n  container: haproxy\n  timeout: 60'],
  params,
  returns: z.object({
    elapsed: z.number().meta({ description: 'Seconds waited' }),
    msg: z.string().meta({ description: 'What was seen last' }),
    id: z.string().meta({ description: 'Id of the container; empty where none runs' }),
    attempt: z.int().meta({ description: 'How often kubelet has started it again' }),
  }),
  convergence: () => 'reads',
  observe: (p, seen, _inputs, context) => {
    const asked = query(p, context);
    return seen.maybe(asked) === undefined ? [asked] : [asked, containers(p.pod)];
  },
  plan: (p, seen, _inputs, context) =>
    context.check && !seen(query(p, context)).met
      ? plan([], { unknown: 'what starts the container may be a task that check mode does not run' })
      : plan([], { why: 'waiting changes nothing' }),
  result: (p, seen, _plan, _outcomes, _inputs, context) => {
    const { met, elapsedMs, last } = seen(query(p, context));
    const found = seen(containers(p.pod)).containers.find((one) => one.name === p.container && one.state === 'running');
    const rest = { elapsed: elapsedMs / 1000, id: found?.id ?? '', attempt: found?.attempt ?? 0 };
    if (met) return { ...rest, msg: last };
    const msg = `Container "${p.container}" of pod "${p.pod}" was not running for ${p.stable} s within ${p.timeout} s; seen last: ${last}`;
    return { ...rest, failed: true, msg };
  },
});
