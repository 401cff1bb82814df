/** A pattern that cannot be read. */
export class PatternError extends Error {
  /** Offset in the pattern. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}
