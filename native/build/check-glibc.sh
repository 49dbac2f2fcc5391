#!/bin/sh
# check-glibc.sh ADDON: fails when the addon needs a newer glibc than Node 20 itself does, with a sentence that names the
# symbols. Reads what the dynamic linker will ask for: versions of symbols, and those without one (GLIBC_ABI_DT_RELR ...).
set -eu
export LC_ALL=C
oldest=2.28
needs=$(readelf --version-info --wide "$1")
symbols=$(readelf --dyn-syms --wide "$1")
newer=$(printf '%s\n' "$needs" | sed -n 's/.*Name: GLIBC_\([^ ]*\).*/\1/p' | sort -u | awk -v oldest="$oldest" '
  BEGIN { split(oldest, o, ".") }
  { split($1, v, ".") }
  $1 !~ /^[0-9.]+$/ || v[1] + 0 > o[1] + 0 || (v[1] == o[1] && v[2] + 0 > o[2] + 0)')
[ -n "$newer" ] || exit 0
list=$(for version in $newer; do
  printf '%s\n' "$symbols" | awk -v version="GLIBC_$version" '
    { at = index($8, "@"); if (at && substr($8, at + 1) == version) { print substr($8, 1, at - 1) " (" version ")"; n++ } }
    END { if (!n) print version }'
done | paste -sd ',' | sed 's/,/, /g')
echo "the addon needs $list: it would not load with glibc $oldest, from where on it must (native/build/glibc.c has what stands in for newer symbols)" >&2
exit 1
