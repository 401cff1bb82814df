import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { filesBelow, inventoriesAmong, surveyedFiles } from '../../../src/cli/survey/walk.ts';

it('A survey walks a tree once, whatever links lead back into it, and runs no inventory', () => {
  const root = mkdtempSync(join(tmpdir(), 'hlb-survey-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const folder of ['inventory', '.git', 'roles/a/tasks']) mkdirSync(join(root, folder), { recursive: true });
  for (const path of ['site.yml', 'inventory/hosts', 'inventory/aws.sh', '.git/config', 'roles/a/tasks/main.yml'])
    writeFileSync(join(root, path), path.endsWith('.sh') ? '#!/bin/sh\n' : 'x\n');
  writeFileSync(join(root, 'inventory', 'inventory'), '#!/bin/sh\n');
  chmodSync(join(root, 'inventory', 'inventory'), 0o755);
  symlinkSync('..', join(root, 'roles/up'));
  symlinkSync('nowhere', join(root, 'gone.yml'));
  const files = filesBelow(root);
  expect(files.map((path) => path.slice(root.length + 1))).toEqual([
    'inventory/aws.sh',
    'inventory/hosts',
    'inventory/inventory',
    'roles/a/tasks/main.yml',
    'site.yml',
  ]);
  expect(inventoriesAmong(files)).toEqual([join(root, 'inventory/hosts')]);
  expect(surveyedFiles.readFile(join(root, 'gone.yml'))).toBeUndefined();
  expect(surveyedFiles.list(join(root, 'site.yml'))).toEqual([]);
});
