# Sourced in a guest: starts containers with crun, without a daemon.
grep -q ' /sys/fs/cgroup cgroup2 ' /proc/mounts || mount -t cgroup2 none /sys/fs/cgroup

# contained NAME PROFILE: runs the container /containers/NAME under a seccomp profile. The guest's root cannot be pivoted.
contained() {
	sed -e "/^@PROFILE@/{r $2" -e 'd}' "/containers/$1" >/containers/config.json
	/usr/bin/crun run --no-pivot --bundle /containers "$1"
}
