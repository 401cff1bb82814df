/**
 * The script that keeps one host running, started with setsid so that it outlives the command that brought the lab up.
 * systemd-nspawn ends with 133 when the host reboots: then it is started again; its network comes from a unit inside.
 * An end within
 * three seconds of its start is tried again, five times. Whatever the previous boot left in the host's cgroups would be taken for running pods, so it is removed first.
 */
export const superviseScript = `#!/bin/sh
# hlb lab: keeps one host running. Arguments: PID_FILE CGROUP... -- COMMAND...
pid_file=$1; shift
groups=
while [ "$1" != -- ]; do
  echo $$ > "$1/cgroup.procs" || exit 1
  groups="$groups $1"; shift
done
shift
tries=0
while :; do
  began=$(date +%s)
  for group in $groups; do find "$group" -mindepth 1 -depth -type d -exec rmdir {} + 2>/dev/null; done
  "$@" &
  echo $! > "$pid_file"
  wait $!
  code=$?
  [ $code -eq 133 ] && { tries=0; continue; }
  # The interface of a host of the same name that has just gone may still be there.
  [ $(($(date +%s) - began)) -lt 3 ] && [ $tries -lt 5 ] || exit $code
  tries=$((tries + 1)); sleep 1
done
`;
