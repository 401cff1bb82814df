/** What can be waited for on a host, as data: the host polls it in its own shell. */
export type Condition =
  /**
   * A TCP connection succeeds, or is refused where `open` is false; with `search`, what comes from it has a line that
   * matches the extended regular expression, and `timeoutMs` is how long that is read.
   */
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      readonly open: boolean;
      readonly timeoutMs: number;
      readonly search?: string;
    }
  /** No connection to a local port is left (wait_for's `drained`). */
  | { readonly kind: 'drained'; readonly port: number }
  /** A path is there, or is not; with `search`, a line of it matches the extended regular expression. */
  | { readonly kind: 'path'; readonly path: string; readonly present: boolean; readonly search?: string }
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly statuses: readonly number[];
      /** The whole body, white space at its end apart. */
      readonly body?: string;
      /** An extended regular expression that a line of the body matches. */
      readonly search?: string;
      readonly verifyTls: boolean;
      /** On the host; without it the CAs that the host trusts. */
      readonly caFile?: string;
      /** The name that the certificate is held against, where it is not the one of the URL; wget then verifies nothing. */
      readonly serverName?: string;
      readonly timeoutMs: number;
    }
  | {
      readonly kind: 'command';
      readonly argv: readonly string[];
      readonly code: number;
      /** An extended regular expression that a line of stdout matches. */
      readonly stdout?: string;
    }
  | { readonly kind: 'unit'; readonly name: string; readonly activeState: string }
  /**
   * Exactly one ready sandbox of this static pod (named without its node), and its container, empty for the only one,
   * running the same id in two looks `stableMs` apart.
   */
  | { readonly kind: 'container'; readonly pod: string; readonly container: string; readonly stableMs: number }
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  /** At least so many of them. */
  | { readonly kind: 'count'; readonly least: number; readonly of: readonly Condition[] }
  /** `of` holds `times` times in a row. */
  | { readonly kind: 'successive'; readonly times: number; readonly of: Condition };
