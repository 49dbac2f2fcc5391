#!/bin/sh
# `npm run kernels` runs all kernels of pins.ts with objects of both compilers in guests, and the C libraries of
# Debian releases; then updates the tables of docs/kernels.md with the results of this run.
# usage: kernels.sh [WORDS]     only those with these words in their names (6.12, arm64, clang-19 ...), and only their rows
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
. "$root/test/kernels/packages.sh"
prepare "$root" || exit $?
guest_packages || say 'the packages for guests are missing: nothing can be tried'
command -v redis-server >/dev/null || say 'redis-server is missing: its guests are left out (npm run bench cost installs it)'
foreign_packages || say 'the packages for arm64 are missing: it is left out'
cd "$root"
KSYS_KERNELS="${*:-all}" exec node node_modules/vitest/vitest.mjs run --config test/vitest.config.ts test/kernels
