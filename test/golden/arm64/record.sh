#!/bin/sh
# Records the trace of an arm64 machine again, in a guest: see README.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
left=$(mktemp -d)
trap 'rm -rf "$left"' EXIT
KSYS_KERNELS_KEEP=$left sh "$here/../../kernels/kernels.sh" 6.12 arm64 clang-19
step="$left/Linux 6.12, arm64, clang-19/-w, -r"
cp "$step/all.ksys" "$here/known.ksys"
cp "$step/said" "$step/read" "$here"
