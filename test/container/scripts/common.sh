# Shared by the scripts in this folder. D is the folder that contains all files of a runtime.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$D"

# need PROGRAM PACKAGE... : installs Debian packages if the program is missing
need() {
  program=$1
  shift
  [ -x "$program" ] || DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@" >&2
}

# until_true COMMAND... : waits, 20 s at most, for a command to succeed
until_true() {
  tries=0
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || { echo "still failing: $*" >&2; exit 1; }
    sleep 0.1
  done
}

# end_daemon PIDFILE : ends a daemon that a script here has started, and waits for it
end_daemon() {
  [ -f "$1" ] || return 0
  pid=$(cat "$1")
  kill "$pid" 2>/dev/null || return 0
  tries=0
  while kill -0 "$pid" 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || { kill -9 "$pid"; break; }
    sleep 0.1
  done
  rm -f "$1"
}

# mounts : the mounts below D, the innermost first
mounts() {
  awk -v dir="$D/" 'index($2, dir) == 1 { print $2 }' /proc/self/mounts | sort -r
}

# unmounted : unmounts what is below D; fails while something remains
unmounted() {
  for mount in $(mounts); do umount "$mount" || return 1; done
}

# unmount_all : mounts that a daemon leaves, or has not unmounted yet; prints what keeps a mount busy for 20 s
unmount_all() {
  (until_true unmounted) || {
    echo "still mounted: $(mounts | tr '\n' ' ')" >&2
    ls -l /proc/[0-9]*/cwd /proc/[0-9]*/root /proc/[0-9]*/exe /proc/[0-9]*/fd/* 2>/dev/null | grep -F -- "-> $D/" >&2
    exit 1
  }
}

# alone : whether no other test has such a runtime at the same time
alone() {
  for other in "${D%-*}"-*; do
    [ "$other" = "$D" ] || [ ! -d "$other" ] || return 1
  done
}

# sweep_cgroups NAME... : removes empty cgroups, in every hierarchy; those of other tests may be temporarily empty
sweep_cgroups() {
  alone || return 0
  for name in "$@"; do
    for dir in /sys/fs/cgroup/*/"$name" /sys/fs/cgroup/"$name"; do
      [ ! -d "$dir" ] || find "$dir" -depth -type d -exec rmdir {} + 2>/dev/null || :
    done
  done
}
