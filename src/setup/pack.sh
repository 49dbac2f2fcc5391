#!/bin/sh
# What npm runs before it packs: the set-up, and what it may do without but a package may not: an addon, that loads elsewhere.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
prepare "$root" || exit $?
if ! native_fresh "$root"; then
  say 'a package needs the native addon, and it is not built (see above)'
  exit 1
fi
if ! newer=$(sh "$root/native/build/check-glibc.sh" "$root/.build/native/ksys.node" 2>&1); then
  say "no package: $newer"
  exit 1
fi
