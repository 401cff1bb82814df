import type { Module } from '../module/define.ts';
import command from './command.ts';
import copy from './copy.ts';
import debug from './debug.ts';
import file from './file.ts';
import lineinfile from './lineinfile.ts';
import set_fact from './set_fact.ts';
import shell from './shell.ts';
import stat from './stat.ts';
import template from './template.ts';

/** The modules that hlb brings along. */
export const builtinModules: readonly Module[] = [
  command,
  copy,
  debug,
  file,
  lineinfile,
  set_fact,
  shell,
  stat,
  template,
];
