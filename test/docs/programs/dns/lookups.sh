#!/bin/sh
# Runs in a network and mount namespace of its own. The address is needed: getent does not look up names for a host without one.
ip link set lo up
ip addr add 10.0.0.2/32 dev lo
printf 'nameserver 127.0.0.1\nsearch shop.local corp.local\noptions timeout:1 attempts:1\n' > resolv.conf
mount --bind resolv.conf /etc/resolv.conf
python3 dns.py &
sleep 0.5
while :; do
  getent ahostsv4 db.shop
  getent ahostsv4 cache
  getent ahostsv4 queue.slow
done
