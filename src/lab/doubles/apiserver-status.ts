/** An answer of the API server. */
export interface Answer {
  readonly code: number;
  readonly body: unknown;
}

/** A Status object that is a failure. */
export function failure(code: number, reason: string, message: string, details: object = {}): Answer {
  return {
    code,
    body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code },
  };
}

export const unauthorized = (): Answer => failure(401, 'Unauthorized', 'Unauthorized');
export const forbidden = (message: string): Answer => failure(403, 'Forbidden', message);
export const notFound = (kind: string, name: string): Answer =>
  failure(404, 'NotFound', `${kind} "${name}" not found`, { name, kind });
export const noSuchPath = (): Answer => failure(404, 'NotFound', 'the server could not find the requested resource');
export const timedOut = (what: string): Answer =>
  failure(
    504,
    'Timeout',
    `the server was unable to return a response in the time allotted, but may still be processing the request (${what})`,
  );

const hooks = [
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'bootstrap-controller',
  'apiservice-registration-controller',
] as const;

/** How an API server feels: what /livez, /readyz and /healthz say. */
export interface Health {
  readonly etcd: boolean;
  readonly started: boolean;
  readonly stopping: boolean;
}

/** The text of a health endpoint and its code; the list only when it was asked for or something failed. */
export function healthAnswer(
  check: 'livez' | 'readyz' | 'healthz',
  health: Health,
  isVerbose: boolean,
): { code: number; text: string } {
  const line = (name: string, isOk: boolean): string => (isOk ? `[+]${name} ok` : `[-]${name} failed: reason withheld`);
  const lines = [
    line('ping', true),
    line('log', true),
    line('etcd', health.etcd),
    ...(check === 'readyz' ? [line('etcd-readiness', health.etcd), line('informer-sync', health.started)] : []),
    ...hooks.map((hook) => line(`poststarthook/${hook}`, health.started)),
    ...(check === 'readyz' ? [line('shutdown', !health.stopping)] : []),
  ];
  const isOk = lines.every((one) => one.startsWith('[+]'));
  if (isOk && !isVerbose) return { code: 200, text: 'ok' };
  return { code: isOk ? 200 : 500, text: `${lines.join('\n')}\n${check} check ${isOk ? 'passed' : 'failed'}\n` };
}
