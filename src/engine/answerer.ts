import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { unreachable } from '../core/result.ts';
import { matchHosts } from '../inventory/patterns.ts';
import type { Answer, Request } from '../expr/api.ts';
import type { Play, Task } from '../playbook/tree.ts';
import type { Answerer } from './ask.ts';
import type { PlayContext } from './context.ts';
import { compiledTemplate } from './inputs.ts';
import { lookAt } from './controller-path.ts';
import type { Controller } from './options.ts';
import { candidates } from './search.ts';

function environmentAnswer(name: string, text: string | undefined): Answer {
  return text === undefined ? { kind: 'error', message: `The environment has no "${name}"` } : { kind: 'text', text };
}

/** Answers lookups of a task: the controller's environment, files and commands. */
export function answererFor(play: Pick<PlayContext, 'play' | 'run'>, task: Pick<Task, 'role' | 'file'>): Answerer {
  const { controller } = play.run.options;
  const search = (kind: 'files' | 'templates' | 'vars' | undefined, name: string): readonly string[] =>
    candidates(play.play, task, kind, name);
  return async (request: Request): Promise<Answer> => {
    switch (request.kind) {
      case 'env':
        return environmentAnswer(request.name, controller.env(request.name));
      case 'pipe': {
        const { code, stdout, stderr } = await controller.pipe(request.command);
        return code === 0
          ? { kind: 'text', text: stdout.replace(/\s+$/, '') }
          : { kind: 'error', message: `"${request.command}" ended with ${code}: ${stderr.trim()}` };
      }
      case 'file':
        return readFirst(search(request.search, request.path), request.path);
      case 'password': {
        const path = placed(request.path, controller, play.play);
        try {
          const kept = controller.password({ ...request, path, write: !play.run.options.check });
          play.run.options.redactor.register(kept.text);
          return { kind: 'text', ...kept };
        } catch (error) {
          return { kind: 'error', message: `Cannot keep a password in "${path}": ${String(error)}` };
        }
      }
      case 'hosts':
        return { kind: 'list', items: matchHosts(request.pattern, play.run.inventory).hosts };
      case 'glob':
        return { kind: 'list', items: await matches(search('files', request.pattern)) };
      case 'path':
        return { kind: 'path', path: await lookAt(request.path, controller.workingDirectory) };
      case 'template': {
        const paths = search('templates', request.path);
        for (const path of paths) {
          const text = await readFile(path, 'utf8').catch(() => undefined);
          if (text === undefined) continue;
          const compiled = compiledTemplate(play.run.inputs, path, {
            trimBlocks: request.reading?.trimBlocks ?? true,
            lstripBlocks: false,
            newlineSequence: '\n',
            ...(request.reading === undefined ? {} : { delimiters: request.reading.delimiters }),
          });
          return compiled.ok
            ? { kind: 'template', template: compiled.value }
            : { kind: 'error', message: compiled.error.message };
        }
        return { kind: 'error', message: missing(request.path, paths) };
      }
      default:
        return unreachable(request);
    }
  };
}

/** Beside the playbook, where it is no path of its own. */
function placed(path: string, { home, workingDirectory }: Controller, { baseDir }: Play): string {
  return resolve(workingDirectory, baseDir, path.replace(/^~(?=\/|$)/, home));
}

async function readFirst(paths: readonly string[], name: string): Promise<Answer> {
  for (const path of paths) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return { kind: 'text', text, path: resolve(path) };
  }
  return { kind: 'error', message: missing(name, paths) };
}

function missing(name: string, paths: readonly string[]): string {
  return `Cannot find "${name}" on the controller; looked at ${paths.map((path) => `"${path}"`).join(', ')}`;
}

/** Files that match in the first folder that has any; the pattern may only stand in the last part, as in Ansible. */
async function matches(patterns: readonly string[]): Promise<readonly string[]> {
  for (const pattern of patterns) {
    const folder = dirname(pattern);
    const names = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const expression = globExpression(basename(pattern));
    const found = names
      .filter((entry) => entry.isFile() && expression.test(entry.name))
      .map((entry) => resolve(join(folder, entry.name)));
    if (found.length > 0) return found.sort();
  }
  return [];
}

function globExpression(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]')
    .replace(/\[!/g, '[^');
  return new RegExp(`^${glob.startsWith('.') ? '' : '(?!\\.)'}${source}$`);
}
