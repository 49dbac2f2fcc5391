#!/bin/sh
# Builds the reader of .scap blocks and the decompressors with the address and undefined-behaviour sanitizers and runs them
# with damaged data.
# usage: scap-blocks.sh [ROUNDS] [SEED]
set -eu
cd "$(dirname "$0")/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
${CXX:-c++} -std=c++20 -O1 -g1 -Wall -Wextra -fsanitize=address,undefined -fno-sanitize-recover=all -Inative \
  test/fuzz/scap-blocks.cc native/scap/walk.cc native/scap/row.cc native/scap/thread_events.cc native/scap/decompress.cc \
  native/trace/block_base.cc \
  -lzstd -lz -o "$out/fuzz"
"$out/fuzz" "${1:-10000}" "${2:-1}"
