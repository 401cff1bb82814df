/** What a path of the Kubernetes API names. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural, as in the path. */
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

/** `/api/v1/nodes/cp1/status` and the like; undefined for a path that names no resource. A subresource is its object. */
export function parsePath(path: string): Resource | undefined {
  const match =
    /^\/(?:api\/(?<core>v1)|apis\/(?<group>[a-z0-9.]+)\/(?<version>v\w+))(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<kind>[a-z]+)(?:\/(?<name>[^/]+))?(?:\/[a-z]+)?\/?$/.exec(
      path,
    );
  const parts = match?.groups;
  if (parts === undefined) return undefined;
  return {
    group: parts['group'] ?? '',
    version: parts['core'] ?? parts['version'] ?? '',
    kind: parts['kind'] ?? '',
    namespace: parts['namespace'],
    name: parts['name'] === undefined ? undefined : decodeURIComponent(parts['name']),
  };
}

/** Where an object lies in etcd; without a name the prefix of its list. */
export function storageKey(resource: Resource): string {
  const parts = [resource.kind, resource.namespace, resource.name].filter((part) => part !== undefined);
  return `/registry/${parts.join('/')}${resource.name === undefined ? '/' : ''}`;
}

/** `nodes`, `leases.coordination.k8s.io`: as messages name a kind. */
export function qualifiedKind(resource: Resource): string {
  return resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** As the API server words what a user may not do. */
export function forbiddenMessage(user: string, method: string, path: string): string {
  const resource = parsePath(path);
  if (resource === undefined) return `forbidden: User "${user}" cannot get path "${path}"`;
  const verb = verbs[method] ?? (resource.name === undefined ? 'list' : 'get');
  const what = resource.name === undefined ? qualifiedKind(resource) : `${qualifiedKind(resource)} "${resource.name}"`;
  const where = resource.namespace === undefined ? 'at the cluster scope' : `in the namespace "${resource.namespace}"`;
  return `${what} is forbidden: User "${user}" cannot ${verb} resource "${resource.kind}" in API group "${resource.group}" ${where}`;
}

/** The singular kind with a capital, for lists. */
export function kindName(plural: string): string {
  const known: Readonly<Record<string, string>> = {
    configmaps: 'ConfigMap',
    certificatesigningrequests: 'CertificateSigningRequest',
    clusterrolebindings: 'ClusterRoleBinding',
  };
  const singular = plural.replace(/s$/, '');
  return known[plural] ?? `${singular.slice(0, 1).toUpperCase()}${singular.slice(1)}`;
}
