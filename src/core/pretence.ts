/** Something of a cluster that is not so, or not yet, and is supposed to be: what a roll will have done by then, or a failure. */
export type Pretence =
  /** The balancer of a host lists these servers. */
  | { readonly kind: 'loaded'; readonly host: string; readonly servers: readonly string[] }
  /** An API server answers no more. */
  | { readonly kind: 'api-down'; readonly host: string }
  /** A member of etcd is not healthy. */
  | { readonly kind: 'etcd-down'; readonly host: string }
  /** A host cannot be asked; what runs on it may live on. */
  | { readonly kind: 'unasked'; readonly host: string }
  /** A host, with all that the inventory says runs on it, works; a balancer that could not be asked lists every API server. */
  | { readonly kind: 'up'; readonly host: string };
