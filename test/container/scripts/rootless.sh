#!/bin/sh
# D=FOLDER rootless.sh up|cli ARGS...|join NAME|down : podman of an unprivileged user, with storage in the user's home (D/home) and
# no service. The user has only a number, 23456. The image ksys.test/web:1.0 is available. Everything runs in a cgroup of
# its own (ksys-rootless-FOLDER), in a view with version 2 of cgroups alone: otherwise such a podman creates no cgroups.
# join also puts a container into a cgroup of the memory controller, if that is of version 1.
. "$(dirname "$0")/common.sh"
user=23456
top=$(awk '/ - cgroup2 / { print $5; exit }' /proc/self/mountinfo)
name=ksys-rootless-$(basename "$D")

as_user() {
  export HOME="$D/home" XDG_RUNTIME_DIR="$D/run" CONTAINERS_CONF_OVERRIDE="$D/containers.conf"
  exec setpriv --reuid $user --regid $user --clear-groups podman --storage-driver vfs "$@"
}

case $1 in
up)
  need /usr/bin/podman podman runc nftables busybox-static
  need /usr/libexec/podman/catatonit catatonit
  need /bin/busybox busybox-static
  mkdir -p "$D/home" "$D/run"
  printf '[containers]\npids_limit=0\n[engine]\nruntime="runc"\ncgroup_manager="cgroupfs"\nevents_logger="file"\n' >"$D/containers.conf"
  sh "$HERE/image.sh" "$D/web.tar" ksys.test/web:1.0 '["/bin/sleep","600"]' >"$D/digest"
  mkdir -p "$top/$name/inner"
  chmod 755 "$D"
  chmod 700 "$D/home" "$D/run"
  chown -R $user:$user "$D" "$top/$name"
  sh "$0" cli load -q -i "$D/web.tar" >&2
  ;;
cli)
  shift
  [ "${INSIDE:-}" = yes ] || exec env INSIDE=yes unshare -m --propagation private sh "$0" cli "$@"
  # the remains of the podman are identified by its cgroup
  echo $$ >"$top/$name/inner/cgroup.procs"
  mount -t tmpfs none /sys/fs/cgroup
  mount -t cgroup2 none /sys/fs/cgroup
  as_user "$@" 2>>"$D/run/log"
  ;;
join)
  id=$(sh "$0" cli inspect --format '{{.Id}} {{.State.Pid}}' "$2")
  memory=/sys/fs/cgroup/memory
  if [ -d $memory ]; then
    mkdir -p "$memory/$name/${id% *}"
    echo "${id#* }" >"$memory/$name/${id% *}/cgroup.procs"
  fi
  ;;
down)
  [ ! -d "$top/$name" ] || echo 1 >"$top/$name/cgroup.kill"
  tries=0
  while [ -d "$top/$name" ] && [ $tries -lt 100 ]; do
    find "$top/$name" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.1
    tries=$((tries + 1))
  done
  sweep_cgroups "$name"
  ;;
esac
