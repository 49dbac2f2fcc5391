#!/bin/sh
# What `npm run dist` runs: the set-up, what building for others needs, then everything that a person downloads, in .build/dist, and
# at last the tests of what was made (test/dist).
# With KSYS_SIGNING_KEY, the file of an SSH key, the sums are signed once the tests have passed.
# usage: dist.sh [--twice] [amd64|arm64]...     only for these processors; --twice: made again in another folder, byte for byte
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
. "$root/src/setup/prepare.sh"
. "$root/test/kernels/packages.sh"
. "$root/src/setup/dist/packages.sh"

# make_again ARCHES: makes the same from a copy of the sources in another folder, and compares.
make_again() {
  copy=$root/.build/dist/work/again
  rm -rf "$copy"
  mkdir -p "$copy/.build"
  git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$copy"
  cp -al node_modules "$copy/"
  say 'making it again in another folder'
  (build_js "$copy" && cd "$copy" && node .build/js/src/setup/dist/dist.js "$@")
  if ! diff "$root/.build/dist/SHA256SUMS" "$copy/.build/dist/SHA256SUMS" >&2; then
    say 'made twice, but these files are not the same'
    return 1
  fi
  say 'made twice: all files are the same'
  rm -rf "$copy"
}

twice=
[ "${1-}" != --twice ] || { twice=yes && shift; }
check_arches "$@" || exit $?
prepare "$root" || exit $?
dist_packages "$@" || exit $?
cd "$root"
# of everything that has a date, the date of the last commit
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct 2>/dev/null || echo 0)}"
export SOURCE_DATE_EPOCH
node .build/js/src/setup/dist/dist.js "$@"
[ -z "$twice" ] || make_again "$@"
KSYS_DIST="${*:-all}" node node_modules/vitest/vitest.mjs run --config test/vitest.config.ts test/dist
[ -z "${KSYS_SIGNING_KEY-}" ] || exec sh src/setup/dist/sign.sh "$KSYS_SIGNING_KEY" .build/dist
