#!/bin/sh
# D=FOLDER docker.sh up|stop|down|cli ARGS... : a docker daemon of its own, without systemd, bridge or firewall rules.
# Its API is at D/docker.sock; the image ksys.test/web:1.0 is there.
. "$(dirname "$0")/common.sh"
export DOCKER_HOST="unix://$D/docker.sock"

case $1 in
up)
  need /usr/bin/docker docker.io docker-cli runc busybox-static
  need /usr/sbin/dockerd docker.io docker-cli
  need /bin/busybox busybox-static
  echo '{}' >"$D/daemon.json"
  dockerd --host "$DOCKER_HOST" --data-root "$D/data" --exec-root "$D/run" --pidfile "$D/docker.pid" \
    --config-file "$D/daemon.json" --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false --bridge=none \
    --exec-opt native.cgroupdriver=cgroupfs ${DOCKERD_OPTIONS:-} </dev/null >"$D/log" 2>&1 &
  until_true docker version
  if ! docker image inspect ksys.test/web:1.0 >/dev/null 2>&1; then
    sh "$HERE/image.sh" "$D/web.tar" ksys.test/web:1.0 '["/bin/httpd","-f","-p","8080","-h","/www"]' >"$D/digest"
    docker load -q -i "$D/web.tar" >&2
  fi
  ;;
stop)
  end_daemon "$D/docker.pid"
  ;;
cli)
  shift
  exec docker "$@"
  ;;
down)
  [ ! -S "$D/docker.sock" ] || for id in $(docker ps -aq); do docker rm -f "$id" >/dev/null; done
  end_daemon "$D/docker.pid"
  unmount_all
  sweep_cgroups docker
  ;;
esac
