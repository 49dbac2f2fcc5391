#!/bin/sh
# `npm run fleet` runs the queries of docs/exports-and-fleet.md with the database engines they are for, over an object store of this machine.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
prepare "$root" || exit $?
# the interpreter that Debian's packages are for, not another one on the PATH
/usr/bin/python3 -c 'import moto.server' 2>/dev/null ||
  debian_packages ' python3-moto python3-flask python3-flask-cors python3-docker' || exit 1
# ClickHouse in a process has half a gigabyte, so it is no dependency of the project
chdb=3.4.0
[ -d "$root/.build/fleet/node_modules/chdb" ] || {
  say "installing chdb $chdb to .build/fleet"
  mkdir -p "$root/.build/fleet"
  npm install --prefix "$root/.build/fleet" --no-save --loglevel=error --no-audit --no-fund "chdb@$chdb" >&2 || exit 1
}
cd "$root"
KSYS_FLEET=1 exec node node_modules/vitest/vitest.mjs run --config test/vitest.config.ts test/fleet
