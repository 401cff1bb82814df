import { describe, expect, it } from 'vitest';
import { parseCgroups } from '../../../src/lab/cgroups.ts';

describe('the cgroups of a machine', () => {
  it('are several hierarchies on version 1, the unified one among them', () => {
    const mountinfo = `24 20 0:5 / /proc rw - proc proc rw
31 30 0:27 / /sys/fs/cgroup/cpuset rw,relatime shared:9 - cgroup cgroup rw,cpuset
32 30 0:28 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd
33 30 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
`;
    expect(parseCgroups(mountinfo)).toEqual({
      version: 1,
      mounts: ['/sys/fs/cgroup/cpuset', '/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified'],
    });
  });

  it('are one on version 2', () => {
    expect(parseCgroups('31 30 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n')).toEqual({
      version: 2,
      mounts: ['/sys/fs/cgroup'],
    });
  });
});
