#!/bin/sh
# What `npm test` runs: the same set-up as `npm start`, then every test.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
. "$root/test/kernels/packages.sh"
prepare "$root" || exit $?
# other programs that tests compare ksys with or look at it through: want PACKAGES TESTS
missing= wants=
want() {
  missing="$missing $1"
  wants="$wants$1|$2
"
}
command -v tmux >/dev/null || want tmux 'the terminal UI'
command -v ssh-keygen >/dev/null || want openssh-client 'signatures of releases'
command -v strace >/dev/null || want strace 'the comparison with strace'
for shell in bash zsh fish; do command -v $shell >/dev/null || want $shell "completion in $shell"; done
# there since Debian 13
[ -f /usr/include/falcosecurity/libsinsp/sinsp.h ] && [ -f /usr/include/uthash.h ] ||
  want 'libfalcosecurity0-dev libjsoncpp-dev libre2-dev libtbb-dev uthash-dev' 'the comparison with libs'
command -v tshark >/dev/null || want tshark 'the comparison with tshark'
# whose questions and answers dnslog shows
command -v dnsmasq >/dev/null || want dnsmasq-base 'DNS between programs'
# names that programs look up with other resolvers than glibc's: Go's, for which docker's client stands, and musl's
command -v docker >/dev/null || want docker-cli 'names that Go programs look up'
command -v musl-gcc >/dev/null || want musl-tools 'names that programs with musl look up'
# a release may lack one of them
debian_packages "$missing" || printf '%s' "$wants" | while IFS='|' read -r packages tests; do
  debian_packages " $packages" || say "$tests is left out: it needs $packages"
done
# fetches metrics
command -v prometheus >/dev/null || [ -x "$root/.build/prometheus/usr/bin/prometheus" ] ||
  debian_file prometheus usr/bin/prometheus "$root/.build/prometheus" || say 'fetching metrics needs prometheus and is left out'
# installed, systemd-resolved would change the names of this machine; the daemon comes last, and is there if all of it is
resolved="$root/.build/resolved"
resolved_files() {
  libraries=usr/lib/$(gcc -print-multiarch) &&
    debian_file libsystemd-shared "$libraries/systemd" "$resolved" &&
    debian_file libnss-resolve "$libraries/libnss_resolve.so.2" "$resolved" &&
    debian_file systemd-resolved usr/lib/systemd/systemd-resolved "$resolved"
}
[ -x "$resolved/usr/lib/systemd/systemd-resolved" ] || resolved_files ||
  say 'names that systemd-resolved looks up are left out: it needs systemd-resolved, libnss-resolve and libsystemd-shared'
guest_packages || say 'the guests with other kernels need qemu, busybox-static and cpio and are left out'
cd "$root"
exec node node_modules/vitest/vitest.mjs run --config test/vitest.config.ts "$@"
