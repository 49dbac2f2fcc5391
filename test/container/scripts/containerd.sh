#!/bin/sh
# D=FOLDER containerd.sh up|stop|down|cli ARGS... : containerd with its CRI service, both at D/containerd.sock; the image
# ksys.test/web:1.0 is in the namespaces default and k8s.io. cli is ctr.
. "$(dirname "$0")/common.sh"
ctr="ctr -a $D/containerd.sock"

case $1 in
up)
  need /usr/bin/containerd containerd runc
  need /bin/busybox busybox-static
  mkdir -p "$D/cni"
  # the option about the OOM score is for machines that withhold CAP_SYS_RESOURCE
  cat >"$D/config.toml" <<END
version = 2
root = "$D/root"
state = "$D"
[grpc]
  address = "$D/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "ksys.test/pause:1.0"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$D/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      BinaryName = "/usr/sbin/runc"
[plugins."io.containerd.internal.v1.opt"]
  path = "$D/opt"
END
  containerd -c "$D/config.toml" </dev/null >"$D/log" 2>&1 &
  echo $! >"$D/containerd.pid"
  until_true $ctr version
  if [ ! -f "$D/digest" ]; then
    sh "$HERE/image.sh" "$D/web.tar" ksys.test/web:1.0 '["/bin/httpd","-f","-p","8080","-h","/www"]' >"$D/digest"
    sh "$HERE/image.sh" "$D/pause.tar" ksys.test/pause:1.0 '["/bin/sleep","2147483647"]' >/dev/null
    for namespace in default k8s.io; do $ctr -n $namespace images import "$D/web.tar" >&2; done
    $ctr -n k8s.io images import "$D/pause.tar" >&2
    # a name with the digest gives the image its repo digest
    $ctr -n k8s.io images tag --force ksys.test/web:1.0 "ksys.test/web@$(cat "$D/digest")" >&2
  fi
  ;;
stop)
  end_daemon "$D/containerd.pid"
  ;;
cli)
  shift
  exec $ctr "$@"
  ;;
down)
  for namespace in default k8s.io; do
    for task in $($ctr -n $namespace tasks ls -q); do
      $ctr -n $namespace tasks kill -s 9 "$task" 2>/dev/null || :
      until_true $ctr -n $namespace tasks rm -f "$task"
    done
    for id in $($ctr -n $namespace containers ls -q); do $ctr -n $namespace containers rm "$id" >/dev/null; done
  done
  end_daemon "$D/containerd.pid"
  unmount_all
  sweep_cgroups default k8s.io kubepods
  ;;
esac
