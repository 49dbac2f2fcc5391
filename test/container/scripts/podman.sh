#!/bin/sh
# D=FOLDER podman.sh up|stop|down|cli ARGS... : podman with runc and storage of its own, its service at D/podman.sock; the image
# ksys.test/web:1.0 is available. (crun refuses hosts that mix cgroup versions.)
. "$(dirname "$0")/common.sh"
export PODMAN_IGNORE_CGROUPSV1_WARNING=1 CONTAINERS_CONF_OVERRIDE="$D/containers.conf"
podman="podman --root $D/root --runroot $D/run --tmpdir $D/tmp --storage-driver overlay"

case $1 in
up)
  need /usr/bin/podman podman runc nftables busybox-static
  need /usr/sbin/runc runc
  need /usr/libexec/podman/catatonit catatonit
  need /bin/busybox busybox-static
  # the service would move every process of a cgroup2 machine's root cgroup
  if [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ] && grep -qx 0::/ /proc/self/cgroup; then
    echo 'podman.sh: must not run in the root cgroup of a cgroup2 host' >&2
    exit 1
  fi
  printf '[containers]\npids_limit=2048\n[engine]\nruntime="runc"\ncgroup_manager="cgroupfs"\nevents_logger="file"\n' >"$D/containers.conf"
  if ! $podman image exists ksys.test/web:1.0; then
    sh "$HERE/image.sh" "$D/web.tar" ksys.test/web:1.0 '["/bin/httpd","-f","-p","8080","-h","/www"]' >"$D/digest"
    $podman load -q -i "$D/web.tar" >&2
  fi
  $podman system service --time=0 "unix://$D/podman.sock" </dev/null >"$D/log" 2>&1 &
  echo $! >"$D/podman.pid"
  until_true curl -sf --unix-socket "$D/podman.sock" http://d/_ping
  ;;
stop)
  end_daemon "$D/podman.pid"
  ;;
cli)
  shift
  exec $podman "$@"
  ;;
down)
  $podman rm -af -t0 >/dev/null
  end_daemon "$D/podman.pid"
  $podman rmi -af >/dev/null
  unmount_all
  sweep_cgroups libpod_parent
  ;;
esac
