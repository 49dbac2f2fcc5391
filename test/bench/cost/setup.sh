# Sourced by bench.sh: compiles the programs of `npm run bench cost` and installs the Debian packages that its loads and tools need.

# cost_setup ROOT ARGS
cost_setup() {
  root=$1
  shift
  missing=$(node "$root/.build/bench/bench/cost/cost.js" --packages "$@") || return 0
  case " $* " in *' --help '* | *' --packages '*) return 0 ;; esac
  [ -z "$missing" ] || without_services debian_packages "$(known "$missing")" || say 'what needs these packages is left out'
  programs=$root/test/bench/cost/programs
  for name in work requests; do
    cc -O2 -o "$root/.build/bench/$name" "$programs/$name.c"
  done
  if [ -e /usr/include/falcosecurity/libsinsp/sinsp.h ] && ! [ "$root/.build/bench/sinsp" -nt "$programs/sinsp.cc" ]; then
    g++ -std=c++17 -O2 -I/usr/include/falcosecurity -I/usr/include/falcosecurity/driver -I/usr/include/jsoncpp \
      -o "$root/.build/bench/sinsp" "$programs/sinsp.cc" -lsinsp -lscap || say 'sinsp could not be compiled (see above) and is left out'
  fi
}

# known PACKAGES: those that this release of Debian has, with a space before each.
known() {
  for package in $1; do
    if apt-cache show "$package" >/dev/null 2>&1; then printf ' %s' "$package"; else say "there is no package $package here"; fi
  done
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
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  code=0
  "$@" || code=$?
  rm -f "$policy"
  trap - EXIT INT TERM
  return "$code"
}
