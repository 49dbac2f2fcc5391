#!/bin/sh
# What `npm run dist` runs: the set-up, what building for others needs, then everything that a person downloads, in .build/dist.
# usage: dist.sh [amd64|arm64]...     only for these processors
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
. "$root/src/setup/prepare.sh"

# Compilers for the other processor, and tools that look at and pack files.
dist_packages() {
  wanted=
  case $(uname -m) in
    aarch64) command -v x86_64-linux-gnu-g++ >/dev/null || wanted="$wanted g++-x86-64-linux-gnu" ;;
    *) command -v aarch64-linux-gnu-g++ >/dev/null || wanted="$wanted g++-aarch64-linux-gnu" ;;
  esac
  command -v xz >/dev/null || wanted="$wanted xz-utils"
  debian_packages "$wanted"
}

prepare "$root" || exit $?
dist_packages || exit $?
if ! native_fresh "$root"; then
  say 'nothing can be shipped without the native addon, and it is not built (see above)'
  exit 1
fi
cd "$root"
exec node .build/js/src/setup/dist/dist.js "$@"
