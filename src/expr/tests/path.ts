import type { ControllerPath } from '../api.ts';
import { defineTest, type Test } from '../define.ts';
import { asText } from '../runtime/coerce.ts';
import { fail } from '../runtime/failure.ts';
import { controllerPath } from '../runtime/controller-path.ts';
import { required } from '../runtime/signature.ts';

const ofPath = (
  name: string,
  aliases: readonly string[],
  summary: string,
  holds: (path: ControllerPath) => boolean,
): Test =>
  defineTest({
    name,
    aliases,
    summary,
    asksController: true,
    run: (value, _, rt) => holds(controllerPath(value, `The input of "${name}"`, rt)),
  });

/** Of files on the controller, as Ansible's; `stat` looks at those of a host. */
export const pathTests: readonly Test[] = [
  defineTest({
    name: 'abs',
    aliases: ['is_abs'],
    summary: 'Whether the path is absolute',
    run: (value) => asText(value, 'The path').startsWith('/'),
  }),
  ofPath(
    'exists',
    [],
    'Whether something is there on the controller, links followed',
    ({ target }) => target !== undefined,
  ),
  ofPath('file', ['is_file'], 'Whether the path is a file on the controller', ({ target }) => target?.type === 'file'),
  ofPath(
    'directory',
    ['is_dir'],
    'Whether the path is a folder on the controller',
    ({ target }) => target?.type === 'directory',
  ),
  ofPath('link', ['is_link'], 'Whether the path is a symlink on the controller', ({ isLink }) => isLink),
  ofPath(
    'link_exists',
    [],
    'Whether something is there on the controller, if only a symlink to nothing',
    ({ target, isLink }) => isLink || target !== undefined,
  ),
  ofPath(
    'mount',
    ['is_mount'],
    'Whether the path is a mount point of the controller',
    ({ target }) => target?.isMount ?? false,
  ),
  defineTest({
    name: 'same_file',
    aliases: ['is_same_file'],
    summary: 'Whether two paths are one file on the controller',
    params: [required('other')],
    asksController: true,
    run(value, [other = null], rt) {
      const identityOf = (path: typeof other): string => {
        const { target } = controllerPath(path, 'Each path of "same_file"', rt);
        return target?.identity ?? fail('value', `There is no "${asText(path, 'The path')}" on the controller`);
      };
      return identityOf(value) === identityOf(other);
    },
  }),
];
