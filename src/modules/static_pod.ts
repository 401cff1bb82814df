import { z } from 'zod';
import { command, containers, file, unit } from '../host/ask.ts';
import type { CommandQuery } from '../host/observation.ts';
import { writeFile } from '../module/change.ts';
import { contentOf } from '../module/content.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { kubeletConfig, manifestsDirectory } from '../module/kubernetes.ts';
import type { Inputs, Need } from '../module/need.ts';
import { bool, choice, filledText, float, optional, path, required, text, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';
import { podDisrupts } from '../module/pod-manifests.ts';

const params = z
  .strictObject({
    name: required(filledText(), 'Name of the pod, and of its file without the ending'),
    template: optional(filledText(), 'Template of the manifest'),
    content: optional(text(), 'The manifest itself, instead of `template`'),
    state: withDefault(choice(['present', 'absent']), 'present', 'Whether the pod shall be there'),
    directory: withDefault(path(), manifestsDirectory, 'Where kubelet looks for static pods'),
    wait: withDefault(bool(), true, 'Wait until exactly one sandbox of the pod is ready, where kubelet runs'),
    timeout: withDefault(float(), 180, 'Seconds to wait'),
  })
  .superRefine((p, context) => {
    const given = [p.template, p.content].filter((one) => one !== undefined).length;
    if (p.state === 'present' && given !== 1) {
      context.addIssue({
        code: 'custom',
        message: 'Exactly one of "template" and "content" is required',
        path: ['template'],
      });
    }
  });
type Params = z.output<typeof params>;

const kubelet = unit('kubelet.service');
/** Without it kubelet ends at once, and as systemd starts it again and again it is active for a moment each time. */
const kubeletConfiguration = file(kubeletConfig);

function manifestPath(p: Params): string {
  return `${p.directory.replace(/\/+$/, '')}/${p.name}.yaml`;
}

function needOf(p: Params): readonly (Need & { kind: 'template' })[] {
  if (p.template === undefined) return [];
  return [
    { kind: 'template', src: p.template, options: { trimBlocks: true, lstripBlocks: false, newlineSequence: '\n' } },
  ];
}

function contentFor(p: Params, inputs: Inputs): ReturnType<typeof contentOf> {
  const [need] = needOf(p);
  return need === undefined ? contentOf(p.content ?? '') : inputs(need).content;
}

/** Every file there that is no dot file is a manifest, a backup or an editor's copy too. */
function namesakes(p: Params): CommandQuery {
  const script =
    'for f in "$1"/*; do [ -f "$f" ] && grep -lE "^  name: *[\\"\']?$2[\\"\']?[[:space:]]*$" "$f"; done; :';
  return command(['sh', '-c', script, 'sh', p.directory, p.name]);
}

function strangers(p: Params, seen: Seen): readonly string[] {
  return seen(namesakes(p))
    .stdout.split('\n')
    .filter((line) => line !== '' && line !== manifestPath(p));
}

/** A static pod, its manifest put in place by a rename so that kubelet never reads half of it. */
export default defineModule({
  name: 'static_pod',
  summary: 'Writes or removes the manifest of a static pod and waits until kubelet has followed',
  examples: [
    'static_pod:\n  name: haproxy-apiserver-lb\n  template: haproxy-apiserver-lb.yaml.j2',
    'static_pod:\n  name: kube-vip\n  state: absent',
  ],
  params,
  returns: z.object({
    path: z.string().meta({ description: 'Path of the manifest' }),
    checksum: z.string().optional().meta({ description: 'SHA-256 of the manifest' }),
  }),
  convergence: () => 'converges',
  needs: (p) => needOf(p),
  observe: (p) => [
    file(manifestPath(p), { hashes: ['sha256'] }),
    namesakes(p),
    kubelet,
    kubeletConfiguration,
    containers(p.name),
  ],
  plan: (p, seen, inputs) => {
    const current = seen(file(manifestPath(p), { hashes: ['sha256'] }));
    const follows = p.wait && seen(kubelet).activeState === 'active' && seen(kubeletConfiguration).exists;
    if (p.state === 'absent') {
      if (!current.exists) return plan([], { why: 'there is no such manifest' });
      return plan([{ kind: 'remove', path: manifestPath(p), recursive: false }]);
    }
    const others = strangers(p, seen);
    if (others.length > 0) {
      return refuse(`Pod "${p.name}" is also declared in ${others.map((one) => `"${one}"`).join(', ')}`, {
        help: 'kubelet starts a pod for every file that is no dot file: remove the other one, or move it out of the folder',
      });
    }
    const content = contentFor(p, inputs);
    if (current.exists && current.hashes.sha256 === content.sha256 && current.mode === 0o600)
      return plan([], { why: 'the manifest is as it should be' });
    const [container] = seen(containers(p.name)).containers;
    return plan([
      { kind: 'make-directory', path: p.directory, parents: true },
      writeFile(manifestPath(p), content, { mode: 0o600 }),
      ...(follows
        ? [
            {
              kind: 'wait-until',
              until: { kind: 'container', pod: p.name, container: container?.name ?? '', stableMs: 3000 },
              timeoutMs: p.timeout * 1000,
              intervalMs: 1000,
              summary: `one ready sandbox of pod ${p.name}`,
              onTimeout: ['crictl', 'ps', '-a'],
            } as const,
          ]
        : []),
    ]);
  },
  result: (p, _seen, _plan, _done, inputs) => ({
    path: manifestPath(p),
    ...(p.state === 'present' ? { checksum: contentFor(p, inputs).sha256 } : {}),
  }),
  // A manifest that changes is another pod: its containers are gone until the new one runs.
  disrupts: (p, made) => (made.kind === 'plan' && made.changes.length > 0 ? podDisrupts(p.name) : []),
  mayDisrupt: (p) => (p === undefined ? ['node'] : podDisrupts(p.name)),
});
