#!/bin/sh
# D=FOLDER [OCI=crun] podman.sh up|stop|down|cli ARGS... : podman with runc or crun and storage of its own, its service at D/podman.sock;
# the image ksys.test/web:1.0 is available. crun refuses hosts that mix cgroup versions: there it gets a mount namespace with version 2 alone.
. "$(dirname "$0")/common.sh"
export PODMAN_IGNORE_CGROUPSV1_WARNING=1 CONTAINERS_CONF_OVERRIDE="$D/containers.conf"
oci=${OCI:-runc}
podman="podman --root $D/root --runroot $D/run --tmpdir $D/tmp --storage-driver overlay"
pids_limit=2048
apart=
if [ "$oci" = crun ] && [ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ]; then
  apart=1
  # the controllers belong to version 1
  pids_limit=0
fi

# entered COMMAND... : runs a command in the mount namespace of the service
entered() {
  if [ -n "$apart" ] && [ -f "$D/podman.pid" ]; then nsenter --mount="/proc/$(cat "$D/podman.pid")/ns/mnt" "$@"; else "$@"; fi
}

case $1 in
up)
  need /usr/bin/podman podman runc nftables busybox-static
  need /usr/sbin/runc runc
  [ "$oci" = runc ] || need /usr/bin/crun crun
  need /usr/libexec/podman/catatonit catatonit
  need /bin/busybox busybox-static
  # the service would move every process of a cgroup2 machine's root cgroup
  if [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ] && grep -qx 0::/ /proc/self/cgroup; then
    echo 'podman.sh: must not run in the root cgroup of a cgroup2 host' >&2
    exit 1
  fi
  printf '[containers]\npids_limit=%s\n[engine]\nruntime="%s"\ncgroup_manager="cgroupfs"\nevents_logger="file"\n' "$pids_limit" "$oci" >"$D/containers.conf"
  if [ -n "$apart" ]; then
    unshare --mount sh -c 'umount -l /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' sh \
      $podman system service --time=0 "unix://$D/podman.sock" </dev/null >"$D/log" 2>&1 &
  else
    $podman system service --time=0 "unix://$D/podman.sock" </dev/null >"$D/log" 2>&1 &
  fi
  echo $! >"$D/podman.pid"
  until_true curl -sf --unix-socket "$D/podman.sock" http://d/_ping
  if ! entered $podman image exists ksys.test/web:1.0; then
    sh "$HERE/image.sh" "$D/web.tar" ksys.test/web:1.0 '["/bin/httpd","-f","-p","8080","-h","/www"]' >"$D/digest"
    entered $podman load -q -i "$D/web.tar" >&2
  fi
  ;;
stop)
  end_daemon "$D/podman.pid"
  ;;
cli)
  shift
  entered $podman "$@"
  ;;
down)
  entered $podman rm -af -t0 >/dev/null
  entered $podman rmi -af >/dev/null
  end_daemon "$D/podman.pid"
  unmount_all
  sweep_cgroups libpod_parent
  ;;
esac
