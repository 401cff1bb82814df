import { join } from 'node:path';

/** Where labs keep their things on this machine. */
export interface LabPlaces {
  /** What is built once and shared: images, stores, the doubles' runtime. */
  readonly cache: string;
  /** One directory a lab: state, host file systems. */
  readonly labs: string;
}

/** `HLB_CACHE` moves the cache, `HLB_LABS` the labs; both must lie on one file system that is not an overlay. */
export function labPlaces(env: Readonly<Record<string, string | undefined>>): LabPlaces {
  return { cache: env['HLB_CACHE'] ?? '/var/cache/hlb', labs: env['HLB_LABS'] ?? '/var/lib/hlb/labs' };
}

/** The files of one lab. */
export interface LabFiles {
  /** The lab's name. */
  readonly lab: string;
  readonly home: string;
  readonly state: string;
  readonly key: string;
  readonly knownHosts: string;
  /** Of one host. */
  readonly host: (name: string) => HostFiles;
}

export interface HostFiles {
  readonly home: string;
  /** The merged overlay: the host's root. */
  readonly root: string;
  readonly upper: string;
  readonly work: string;
  /** Real directories, bound over the overlay: containerd refuses to live on overlayfs. */
  readonly containerd: string;
  readonly kubelet: string;
  readonly etcd: string;
  readonly console: string;
  readonly pid: string;
}

export function labFiles(places: LabPlaces, name: string): LabFiles {
  const home = join(places.labs, name);
  return {
    lab: name,
    home,
    state: join(home, 'state.json'),
    key: join(home, 'id_ed25519'),
    knownHosts: join(home, 'known_hosts'),
    host: (host) => {
      const dir = join(home, 'hosts', host);
      return {
        home: dir,
        root: join(dir, 'root'),
        upper: join(dir, 'upper'),
        work: join(dir, 'work'),
        containerd: join(dir, 'containerd'),
        kubelet: join(dir, 'kubelet'),
        etcd: join(dir, 'etcd'),
        console: join(dir, 'console.log'),
        pid: join(dir, 'pid'),
      };
    },
  };
}
