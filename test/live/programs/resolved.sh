#!/bin/sh
# resolved.sh FOLDER SCRIPT: runs the script with systemd-resolved and its module for glibc, both from that folder. They query the
# DNS server at 127.0.0.1. The caller has a network namespace; this makes one of mounts. The daemon ends with this shell.
[ -n "$INSIDE" ] || INSIDE=1 exec unshare -m sh "$0" "$@"
set -e
umask 022
state=/run/systemd/resolve
mount --make-rprivate /
mount -t tmpfs none /run
# the daemon's user may not get into that folder
cp -r "$1/usr" /run
libraries=$(echo /run/usr/lib/*-linux-*)
mkdir -p $state /run/systemd/resolved.conf.d
chown nobody $state
printf '[Resolve]\nDNS=127.0.0.1\nDNSSEC=no\nLLMNR=no\nMulticastDNS=no\n' >/run/systemd/resolved.conf.d/test.conf
echo 'hosts: files resolve [!UNAVAIL=return] dns' >/run/nsswitch.conf
echo 'nameserver 127.0.0.53' >/run/resolv.conf
for f in nsswitch.conf resolv.conf; do [ ! -e /etc/$f ] || mount --bind /run/$f /etc/$f; done
# it queries servers only if another interface than lo has an address
ip link add one type veth peer name two
ip addr add 10.9.0.2/24 dev one
ip link set one up
ip link set two up
export LD_LIBRARY_PATH="$libraries:$libraries/systemd"
# root's daemon would need the user systemd-resolve
setpriv --pdeathsig KILL --reuid nobody --clear-groups --inh-caps +net_bind_service --ambient-caps +net_bind_service \
  /run/usr/lib/systemd/systemd-resolved >/run/log 2>&1 &
until [ -S $state/io.systemd.Resolve ] && [ -e $state/stub-resolv.conf ]; do
  kill -0 $! 2>/dev/null || { cat /run/log >&2; exit 1; }
  sleep 0.02
done
sh "$2"
