#!/bin/sh
# What `npm test` runs: the same set-up as `npm start`, then every test.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
. "$root/test/kernels/packages.sh"
prepare "$root" || exit $?
# the terminal that the UI's tests look at
command -v tmux >/dev/null || debian_packages ' tmux' || say 'the tests of the terminal UI need tmux and are left out'
# who else tells of a program's calls
command -v strace >/dev/null || debian_packages ' strace' || say 'the comparison with strace needs strace and is left out'
# the shells whose completion is tried
shells=
for shell in bash zsh fish; do command -v $shell >/dev/null || shells="$shells $shell"; done
debian_packages "$shells" || say "completion in$shells is left out"
# who else reads captures: there since Debian 13
libs=' libfalcosecurity0-dev libjsoncpp-dev libre2-dev libtbb-dev uthash-dev'
[ -f /usr/include/falcosecurity/libsinsp/sinsp.h ] && [ -f /usr/include/uthash.h ] || debian_packages "$libs" ||
  say "the comparison with libs needs$libs and is left out"
command -v tshark >/dev/null || debian_packages ' tshark' || say 'the comparison with tshark needs tshark and is left out'
# who fetches metrics
command -v prometheus >/dev/null || [ -x "$root/.build/prometheus/usr/bin/prometheus" ] ||
  debian_file prometheus usr/bin/prometheus "$root/.build/prometheus" || say 'fetching metrics needs prometheus and is left out'
# whose questions and answers dnslog shows
command -v dnsmasq >/dev/null || debian_packages ' dnsmasq-base' || say 'DNS between real programs needs dnsmasq-base and is left out'
# guests with other kernels
guest_packages || say 'the guests with other kernels need qemu, busybox-static and cpio and are left out'
cd "$root"
exec node node_modules/vitest/vitest.mjs run --config test/vitest.config.ts "$@"
