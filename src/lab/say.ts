/** Tells the person what is happening: one line, no line break. */
export type Say = (line: string) => void;
