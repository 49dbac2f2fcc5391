# Sourced by bench.sh: compiles the programs of `npm run bench cost` and installs the Debian packages that its loads and tools need.

# cost_setup ROOT ARGS: nothing is installed for --help.
cost_setup() {
  for name in work requests; do
    cc -O2 -o "$1/.build/bench/$name" "$1/test/bench/cost/programs/$name.c"
  done
  case " $* " in *' --help '*) return 0 ;; esac
  missing=
  command -v redis-benchmark >/dev/null || missing="$missing redis-server"
  without_services debian_packages "$missing" || say 'what needs these packages is left out'
}

# without_services COMMAND: packages that COMMAND installs do not start their services.
without_services() {
  policy=/usr/sbin/policy-rc.d
  if [ -e "$policy" ] || [ "$(id -u)" -ne 0 ]; then
    "$@"
    return
  fi
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT INT TERM
  code=0
  "$@" || code=$?
  rm -f "$policy"
  trap - EXIT INT TERM
  return "$code"
}
