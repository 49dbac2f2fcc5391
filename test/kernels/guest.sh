#!/bin/busybox sh
# The first program of a guest: mounts what is needed, runs the steps of /steps one after the other, and prints on the console
# a tar of the results of each (its output, exit code, traces) between two marks. The kernel's own lines may be before and after.
export PATH=/bin HOME=/root
/bin/busybox mkdir -p /proc /sys /dev /tmp /root /out
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t tmpfs tmp /tmp
/bin/busybox mount -t tracefs trace /sys/kernel/tracing
/bin/busybox --install -s /bin
dmesg -n 1
ip link set lo up
chmod 1777 /tmp

# step NAME SECONDS COMMANDS: the commands run in their own folder, where programs of known calls write their accounts.
step() {
	echo "guest: $1"
	mkdir -p "/out/$1"
	cd "/out/$1" || return
	begin=$(cut -d' ' -f1 /proc/uptime)
	SAID=/out/$1/said timeout -s KILL "$2" sh -c ". /functions; $3" >stdout 2>stderr </dev/null
	echo $? >code
	echo "$begin $(cut -d' ' -f1 /proc/uptime)" >uptime
}

# functions for the steps' commands
cat >/functions <<'END'
# begun TRACE: waits until a capture has started its file: then it is attached
begun() { until [ -s "$1" ]; do sleep 0.1; done; }
# beside TRACE KSYS-ARGUMENTS -- COMMANDS: runs the commands during such a capture, which is then ended by Ctrl-C
beside() {
	trace=$1; shift
	args=
	while [ "$1" != -- ]; do args="$args $(quoted "$1")"; shift; done
	shift
	eval "ksys -w $trace $args &"
	pid=$!
	begun "$trace"
	eval "$*"
	kill -INT $pid
	wait $pid
}
quoted() { printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }
END

. /steps
echo RESULTS-BEGIN
tar -czf - -C /out . | base64
echo RESULTS-END
sync
# waits until the console has printed all of it: what it has not at the power's end is lost
stty -echo </dev/console
poweroff -f
