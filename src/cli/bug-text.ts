/** What to say of an error that nobody expected. */
export function bugText(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `error: hlb has met a bug of its own. Please report it with these lines:\n${text}\n`;
}
