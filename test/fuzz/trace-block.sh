#!/bin/sh
# Builds the block decoder with the address and undefined-behaviour sanitizers and runs it with damaged blocks.
# usage: trace-block.sh [ROUNDS] [SEED]; a million rounds take some minutes
set -eu
cd "$(dirname "$0")/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
${CXX:-c++} -std=c++20 -O1 -g1 -Wall -Wextra -fsanitize=address,undefined -fno-sanitize-recover=all -Inative \
  test/fuzz/trace-block.cc native/trace/block_*.cc -lzstd -o "$out/fuzz"
"$out/fuzz" "${1:-100000}" "${2:-1}" captures/*.ksys
