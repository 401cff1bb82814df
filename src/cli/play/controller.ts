import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Controller } from '../../engine/options.ts';
import { localFiles } from '../files.ts';
import type { Ask } from '../prompt.ts';
import { ansibleConfig } from '../roles-paths.ts';
import { createPasswords } from './password-file.ts';
import { runProgram } from '../run-program.ts';
import type { System } from '../system.ts';

/** What the engine may do on this machine. */
export function createController(system: System, ask: Ask): Controller {
  const { readFile } = localFiles;
  const config = ansibleConfig({ folder: system.cwd, home: system.home, env: system.env, readFile });
  return {
    env: (name) => system.env[name],
    pipe: (command) => runProgram('/bin/sh', ['-c', command], { cwd: system.cwd }),
    prompt: ask,
    workingDirectory: system.cwd,
    home: system.home,
    ...(config === undefined ? {} : { ansibleConfig: resolve(system.cwd, config.path) }),
    password: createPasswords(),
    python: () => {
      const folders = (system.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
      return folders.map((folder) => join(folder, 'python3')).find((path) => existsSync(path)) ?? '/usr/bin/python3';
    },
  };
}
