import { spawn } from 'node:child_process';

/**
 * Runs a program that may talk to whoever sits at the terminal: an editor, or a script that asks for a password. Its
 * output is caught where `catches` is set. Rejects where it cannot be started.
 */
export function runOnTerminal(
  path: string,
  args: readonly string[],
  { catches = false }: { readonly catches?: boolean } = {},
): Promise<{ readonly code: number; readonly stdout: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { stdio: ['inherit', catches ? 'pipe' : 'inherit', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 128, stdout: Buffer.concat(chunks).toString() }));
  });
}
