import { defineFilter, type Filter } from '../define.ts';
import * as paths from '../python/paths.ts';
import { asItems, asText } from '../runtime/coerce.ts';
import { controllerPath } from '../runtime/controller-path.ts';
import { fail, NeedsAnswer } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { optional } from '../runtime/signature.ts';
import { tuple, type Val } from '../runtime/value.ts';

const ofText = (name: string, summary: string, change: (path: string) => Val): Filter =>
  defineFilter({ name, summary, run: (value) => change(asText(value, `The input of "${name}"`)) });

export const pathFilters: readonly Filter[] = [
  ofText('basename', 'Gives the last part of a path', paths.baseName),
  ofText('dirname', 'Gives a path without its last part', paths.dirName),
  ofText('splitext', 'Splits a path into what is before its extension and the extension', (path) =>
    tuple(paths.splitExtension(path)),
  ),
  ofText('normpath', 'Removes double slashes, "." and ".." from a path', paths.normalizePath),
  ofText('win_basename', 'Gives the last part of a Windows path', paths.windowsBaseName),
  ofText('win_dirname', 'Gives a Windows path without its last part', paths.windowsDirName),
  ofText('win_splitdrive', 'Splits a Windows path into its drive and the rest', (path) =>
    tuple(paths.splitDrive(path)),
  ),
  defineFilter({
    name: 'path_join',
    summary: 'Joins the parts of a path',
    run(value, _, rt) {
      const given = known(value);
      if (typeof given === 'string') return given;
      return paths.joinPaths(asItems(given, rt).map((part) => asText(part, 'Each part of a path')));
    },
  }),
  defineFilter({
    name: 'commonpath',
    summary: 'Gives the longest path that all paths begin with',
    run: (value, _, rt) => paths.commonPath(asItems(value, rt).map((path) => asText(path, 'Each path'))),
  }),
  defineFilter({
    name: 'relpath',
    summary: 'Gives the path as seen from a folder',
    params: [optional('start', '.')],
    run: (value, [start]) => paths.relativePath(asText(value, 'The input of "relpath"'), asText(start, 'The start')),
  }),
  defineFilter({
    name: 'expanduser',
    summary: 'Puts the home folder of the controller for "~"',
    asksController: true,
    run(value, _, rt) {
      const path = asText(value, 'The input of "expanduser"');
      if (!path.startsWith('~')) return path;
      if (path !== '~' && !path.startsWith('~/'))
        return fail('value', `The home folder of another user is not known here: "${path}"`);
      const answer = rt.ask({ kind: 'env', name: 'HOME' });
      if (answer.kind === 'pending') throw new NeedsAnswer();
      return answer.kind === 'text' ? answer.text.replace(/\/+$/, '') + path.slice(1) : path;
    },
  }),
  defineFilter({
    name: 'expandvars',
    summary: 'Puts the environment of the controller for "$NAME" and "${NAME}"',
    asksController: true,
    run: (value, _, rt) =>
      asText(value, 'The input of "expandvars"').replace(
        /\$(?:([A-Za-z0-9_]+)|\{([^}]*)\})/g,
        (all, bare: string | undefined, braced: string | undefined) => {
          const answer = rt.ask({ kind: 'env', name: bare ?? braced ?? '' });
          if (answer.kind === 'pending') throw new NeedsAnswer();
          return answer.kind === 'text' ? answer.text : all;
        },
      ),
  }),
  defineFilter({
    name: 'realpath',
    summary: 'Gives the absolute path without symlinks, as the controller has it',
    asksController: true,
    run: (value, _, rt) => controllerPath(value, 'The input of "realpath"', rt).real,
  }),
  defineFilter({
    name: 'fileglob',
    summary: 'Gives the files of the controller that match a pattern',
    asksController: true,
    run(value, _, rt) {
      const answer = rt.ask({ kind: 'glob', pattern: asText(value, 'The pattern') });
      if (answer.kind === 'pending') throw new NeedsAnswer();
      return answer.kind === 'list' ? answer.items : [];
    },
  }),
];
