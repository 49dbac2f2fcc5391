#!/bin/sh
# What `npm start -- ARGS` runs: sets up what is missing, then becomes `ksys ARGS` in the caller's directory.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
prepare "$root" || exit $?
cd "${INIT_CWD:-$PWD}"
# npm's own variables would show up in the environment of traced commands
for v in $(env | sed -n 's/^\(npm_[A-Za-z0-9_]*\)=.*/\1/p'); do unset "$v"; done
unset INIT_CWD
exec "$root/.build/js/src/main.js" "$@"
