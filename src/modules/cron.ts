import { posix } from 'node:path';
import { z } from 'zod';
import { command, file } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import type { CommandQuery, FileQuery } from '../host/observation.ts';
import { textOf } from '../host/quote.ts';
import { removePath, run, writeFile } from '../module/change.ts';
import { contentOf } from '../module/content.ts';
import { cronLines, cronText, editCron, jobNames, variableNames } from '../module/cron-edit.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { bool, choice, filledText, optional, path, required, text, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';
import { backupFields } from '../module/put-file.ts';

const params = z
  .strictObject({
    name: required(filledText(), 'Name of the job or variable, by which it is found again'),
    state: withDefault(choice(['present', 'absent']), 'present', 'Whether it shall be there'),
    job: optional(text(), 'Command to run; with `env` the value of the variable', { aliases: ['value'] }),
    minute: withDefault(text(), '*', 'Minute (0-59, *, */2)'),
    hour: withDefault(text(), '*', 'Hour (0-23, *, */2)'),
    day: withDefault(text(), '*', 'Day of the month (1-31, *, */2)', { aliases: ['dom'] }),
    month: withDefault(text(), '*', 'Month (1-12, JAN-DEC, *)'),
    weekday: withDefault(text(), '*', 'Day of the week (0-6, SUN-SAT, *)', { aliases: ['dow'] }),
    special_time: optional(
      choice(['reboot', 'yearly', 'annually', 'monthly', 'weekly', 'daily', 'hourly']),
      'A time with a name, instead of the fields',
    ),
    disabled: withDefault(bool(), false, 'Keep the job, as a comment'),
    user: optional(text(), "Whose crontab; the play's user when left out. Needed with `cron_file`"),
    cron_file: optional(path(), 'File in /etc/cron.d, or its path, instead of a user crontab'),
    env: withDefault(bool(), false, 'A variable rather than a job'),
    insertafter: optional(text(), 'Variable behind which a new one goes'),
    insertbefore: optional(text(), 'Variable before which a new one goes'),
    backup: withDefault(bool(), false, 'Keep the old `cron_file` beside the new one'),
  })
  .superRefine((p, context) => {
    const issue = (message: string, field: string): void =>
      context.addIssue({ code: 'custom', message, path: [field] });
    const times = [p.minute, p.hour, p.day, p.month, p.weekday];
    if (p.special_time !== undefined && times.some((time) => time !== '*')) {
      issue('You must specify time and date fields or special time.', 'special_time');
    }
    if (p.state === 'present' && p.job === undefined) issue('"job" is required with state "present"', 'job');
    if (p.cron_file !== undefined && p.user === undefined && p.state === 'present' && !p.env) {
      issue('"user" is required with "cron_file"', 'user');
    }
    if (p.job !== undefined && /\n./s.test(p.job)) issue('A job is one line', 'job');
    if (p.backup && p.cron_file === undefined) issue('"backup" needs "cron_file"', 'backup');
    if ((p.insertafter ?? p.insertbefore) !== undefined && !p.env)
      issue('"insertafter" and "insertbefore" need "env"', 'env');
  });

type Params = z.output<typeof params>;

function filePath(p: Params): string | undefined {
  if (p.cron_file === undefined) return undefined;
  return posix.isAbsolute(p.cron_file) ? p.cron_file : posix.join('/etc/cron.d', p.cron_file);
}

const whose = (p: Params): readonly string[] => (p.user === undefined ? [] : ['-u', p.user]);
const tableQuery = (p: Params): CommandQuery => command(['crontab', ...whose(p), '-l']);
const fileQuery = (at: string): FileQuery => file(at, { follow: true, contentLimit: 1024 * 1024 });

function currentText(p: Params, seen: Seen): string {
  const at = filePath(p);
  if (at === undefined) return seen(tableQuery(p)).stdout;
  const fact = seen(fileQuery(at));
  return fact.exists && fact.content !== undefined ? textOf(fact.content) : '';
}

function lineOf(p: Params): string {
  if (p.env) return p.job ?? '';
  const when =
    p.special_time === undefined ? `${p.minute} ${p.hour} ${p.day} ${p.month} ${p.weekday}` : `@${p.special_time}`;
  const user = p.cron_file === undefined ? '' : ` ${p.user ?? ''}`;
  return `${p.disabled ? '#' : ''}${when}${user} ${(p.job ?? '').replace(/^[\r\n]+|[\r\n]+$/g, '')}`;
}

function edited(p: Params, seen: Seen): readonly string[] | string {
  return editCron(cronLines(currentText(p, seen)), { ...p, line: lineOf(p) });
}

/** Jobs that run at their times. */
export default defineModule({
  name: 'cron',
  aliases: ['ansible.builtin.cron', 'ansible.legacy.cron'],
  summary: 'Keeps jobs and variables of crontabs',
  examples: [
    'cron:\n  name: etcd snapshot\n  special_time: hourly\n  job: /usr/local/bin/etcd-snapshot',
    'cron:\n  name: check certificates\n  minute: "0"\n  hour: "6"\n  user: root\n  cron_file: kubeadm-certs\n  job: kubeadm certs check-expiration | logger -t certs',
  ],
  params,
  returns: z.object({
    jobs: z.array(z.string()).meta({ description: 'Names of the jobs' }),
    envs: z.array(z.string()).meta({ description: 'Names of the variables' }),
    cron_file: z.string().optional().meta({ description: 'The file' }),
    state: z.string().optional().meta({ description: 'The state that was asked for' }),
    backup_file: z.string().optional().meta({ description: 'Where the old file was kept' }),
  }),
  convergence: () => 'converges',
  observe: (p) => {
    const at = filePath(p);
    return [at === undefined ? tableQuery(p) : fileQuery(at)];
  },
  plan: (p, seen) => {
    const at = filePath(p);
    if (at === undefined && seen(tableQuery(p)).code === 127) return refuse('crontab is not installed on this host');
    const lines = edited(p, seen);
    if (typeof lines === 'string') return refuse(lines);
    const before = cronText(cronLines(currentText(p, seen)));
    const after = cronText(lines);
    if (after === before)
      return plan([], { why: `the crontab ${p.state === 'present' ? 'has it' : 'does not have it'}` });
    if (at === undefined) {
      const touches = [`cron:${p.user ?? ''}`];
      return plan([
        run(['crontab', ...whose(p), '-'], {
          stdin: after,
          touches,
          summary: `write the crontab ${p.user ?? ''}`.trim(),
        }),
      ]);
    }
    const fact = seen(fileQuery(at));
    if (!fact.exists && fact.parentMissing) {
      return refuse(`There is no directory "${posix.dirname(at)}"`, { help: 'Install cron in a task before this one' });
    }
    const write: Change =
      after === ''
        ? removePath(at)
        : writeFile(at, contentOf(after), { follow: true, backup: p.backup, ...(fact.exists ? {} : { mode: 0o644 }) });
    return plan([write]);
  },
  result: (p, seen, _plan, done) => {
    const lines = edited(p, seen);
    if (typeof lines === 'string') return { jobs: [], envs: [] };
    return {
      jobs: [...jobNames(lines)],
      envs: [...variableNames(lines)],
      ...(p.cron_file === undefined ? {} : { cron_file: p.cron_file, state: p.state }),
      ...backupFields(done),
    };
  },
  fuses: true,
});
