import { existsSync, readFileSync } from 'node:fs';

export interface LogLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** A container's log, which the runtime writes as `TIME STREAM F TEXT` (P instead of F for a part of a line). */
export function containerLog(path: string, tail?: number): readonly LogLine[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return (tail === undefined ? lines : lines.slice(-tail)).map((line) => {
    const [, stream, part, ...words] = line.split(' ');
    return { stream: stream === 'stderr' ? 'stderr' : 'stdout', text: `${words.join(' ')}${part === 'P' ? '' : '\n'}` };
  });
}
