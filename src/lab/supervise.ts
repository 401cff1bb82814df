/**
 * The script that keeps one host running, started with setsid so that it outlives the command that brought the lab up.
 * systemd-nspawn ends with 133 when the host reboots: then it is started again; its network comes from a unit inside.
 * The script and the host each have a cgroup of their own below the host's, since version 2 allows no process beside
 * children that have controllers. Whatever a boot left in the host's cgroup would be taken for running pods: it is
 * made anew each time.
 */
export const superviseScript = `#!/bin/sh
# hlb lab: keeps one host running. Arguments: PID_FILE CGROUP... -- COMMAND...
pid_file=$1; shift
HLB_CGROUPS=
while [ "$1" != -- ]; do
  mkdir -p "$1/keeper" && echo $$ > "$1/keeper/cgroup.procs" || exit 1
  HLB_CGROUPS="$HLB_CGROUPS $1"; shift
done
shift
export HLB_CGROUPS
while :; do
  for group in $HLB_CGROUPS; do
    find "$group/machine" -depth -type d -exec rmdir {} + 2>/dev/null
    mkdir -p "$group/machine"
  done
  sh -c 'for group in $HLB_CGROUPS; do echo $$ > "$group/machine/cgroup.procs" || exit 1; done; exec "$@"' sh "$@" &
  echo $! > "$pid_file"
  wait $!
  code=$?
  [ $code -eq 133 ] || exit $code
done
`;
