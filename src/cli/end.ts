/** What a command hands its exit code to. */
export type End = (exitCode: number) => void;
