/** Exits of hlb's own scripts: the guard did not hold; the validation of a new file failed. */
export const ownExit = { stale: 75, invalid: 65 } as const;

const meanings: Readonly<Record<number, string>> = {
  1: 'general error',
  2: 'misuse or wrong arguments',
  64: 'usage error',
  65: 'wrong input data',
  66: 'no input',
  67: 'no such user',
  68: 'no such host',
  69: 'service unavailable',
  70: 'internal error of the program',
  71: 'operating system error',
  72: 'system file missing',
  73: 'cannot create output',
  74: 'input or output error',
  75: 'temporary failure',
  76: 'protocol error',
  77: 'permission denied',
  78: 'configuration error',
  124: 'timed out',
  125: 'the command that should run it failed',
  126: 'found but not executable',
  127: 'command not found',
};

const signals: Readonly<Record<number, string>> = {
  1: 'SIGHUP, hung up',
  2: 'SIGINT, interrupted',
  3: 'SIGQUIT, quit',
  4: 'SIGILL, illegal instruction',
  5: 'SIGTRAP, trace trap',
  6: 'SIGABRT, aborted',
  7: 'SIGBUS, bus error',
  8: 'SIGFPE, arithmetic error',
  9: 'SIGKILL, killed; often the kernel out of memory',
  10: 'SIGUSR1',
  11: 'SIGSEGV, segmentation fault',
  12: 'SIGUSR2',
  13: 'SIGPIPE, nobody read its output',
  14: 'SIGALRM, alarm',
  15: 'SIGTERM, terminated',
  24: 'SIGXCPU, processor time used up',
  25: 'SIGXFSZ, file too large',
  31: 'SIGSYS, system call refused',
};

/** What an exit code usually means, such as `command not found`; absent for 0 and where it means nothing in general. */
export function exitMeaning(code: number): string | undefined {
  const known = meanings[code];
  if (known !== undefined) return known;
  if (code <= 128 || code > 128 + 64) return undefined;
  return `ended by ${signals[code - 128] ?? `signal ${code - 128}`}`;
}
