#!/bin/sh
# The steps of the tests of the .deb in a guest that systemd has started, as root: each step writes its output and its exit code
# to /out, which also contains the recorder's traces. The processor is emulated: ksys runs no more than necessary.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root SYSTEMD_PAGER=cat SYSTEMD_COLORS=0
. /test/versions

# step NAME COMMANDS
step() {
	timeout -s KILL 600 sh -c ". /test/functions; $2" >"/out/$1" 2>&1 </dev/null
	echo "ended with $?" >>"/out/$1"
	sed "s/^/guest: $1: /" "/out/$1" >/dev/console
}

cat >/test/functions <<'END'
unit=ksys-record
# waits COMMANDS: until they succeed
waits() { for _ in $(seq 400); do if eval "$1" >/dev/null 2>&1; then return; fi; sleep 0.5; done; echo "never came true: $1"; }
pid() { systemctl show -P MainPID $unit; }
# programs of BPF in the kernel but for systemd's own
programs() { sed -n "s/.* bpf_prog_[0-9a-f]*_\\([a-z_0-9]*\\).*/\\1/p" /proc/kallsyms | grep -v "^sd_" | sort; }
opens() { cat "/nonexistent/$1" 2>/dev/null; true; }
traces() { ls /var/lib/ksys/*.ksys | wc -l; }
said() { journalctl -o cat -u $unit; }
END

mkdir -p /out
echo 1 >/proc/sys/net/core/bpf_jit_enable
echo 1 >/proc/sys/net/core/bpf_jit_kallsyms
step before programs
step install "dpkg -i /test/ksys_${OLDER}_*.deb >/dev/null && systemctl is-enabled ksys-record"
# an emulated processor is much slower than the default limit is meant for
sed -i '/^--max-cpu/d' /etc/ksys/record.conf
step start 'systemctl enable --now $unit 2>/dev/null; systemctl is-active $unit || said'
step during programs
step dump 'opens asked; ksys dump --after 0s'
step status 'waits "systemctl status $unit | grep -q \"1 file written\""; systemctl status --no-pager $unit | grep Status:'
step modes 'stat -c "%a %U %n" /var/lib/ksys /run/ksys; stat -c "%a %U" /var/lib/ksys/*.ksys'
step user 'id -u ksys'
step confined 'grep -E "^(Uid|CapPrm|NoNewPrivs|Seccomp):" /proc/$(pid)/status; cat /sys/fs/cgroup/system.slice/$unit.service/memory.max /proc/$(pid)/oom_score_adj'
step reload 'printf "%s\n" "--last 60s" "--trigger fs.path.name=/nonexistent/alarm" "--after 0s" >/etc/ksys/record.conf
	systemctl reload $unit; waits "said | grep -q \"re-read \""; systemctl is-active $unit
	opens alarm; waits "[ \$(traces) -ge 2 ]"; traces'
step wrong 'echo "--lasst 5s" >>/etc/ksys/record.conf
	systemctl reload $unit; waits "said | grep -q \"previous options remain in effect\""; systemctl is-active $unit; said | grep -o "record.conf.*lasst.*"
	sed -i /lasst/d /etc/ksys/record.conf'
step killed 'old=$(pid); kill -9 "$old"; waits "[ \$(pid) != $old ] && systemctl is-active $unit"; systemctl is-active $unit; systemctl show -p NRestarts $unit'
cp /var/lib/ksys/*.ksys /out
step upgrade "old=\$(pid); dpkg -i /test/ksys_${NEWER}_*.deb >/dev/null; systemctl is-active \$unit; [ \"\$old\" = \"\$(pid)\" ] || echo 'started anew'; grep -c alarm /etc/ksys/record.conf"
step stop 'systemctl stop $unit; systemctl show -p Result -p ExecMainStatus $unit; ls /run/ksys; programs'
step remove 'systemctl start $unit; systemctl is-active $unit; dpkg -r ksys >/dev/null; systemctl is-active $unit; ls -l /proc/[0-9]*/exe 2>/dev/null | grep -c /usr/lib/ksys; traces; programs'
step journal 'said'
{
	echo RESULTS-BEGIN
	tar -czf - -C /out . | base64
	echo RESULTS-END
} >/dev/console
sync
systemctl poweroff --force --force
