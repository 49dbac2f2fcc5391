#!/bin/sh
# Records the captures of this folder again: record.sh [NAME ...], as root, after npm start has built ksys.
# Every program runs with an empty environment in a scratch folder; trim.mjs leaves only its own processes in the file.
set -eu
cd "$(dirname "$0")"
here=$PWD
main=$here/../.build/js/src/main.js
clean="env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/root LANG=C.UTF-8 USER=root SHELL=/bin/sh"
scratch=/tmp/demo

# Everything runs in separate namespaces, where the machine has another name, no address except loopback, and knows no other host, and with
# real-time priority, so that other programs on this machine do not make its calls slow.
if [ "${1-}" != --inside ]; then
  mkdir "$scratch"
  trap 'rmdir "$scratch"' EXIT
  chrt --rr 10 unshare --mount --uts --net sh "$here/record.sh" --inside "$@"
  exit
fi
shift
echo demo >/proc/sys/kernel/hostname
ip link set lo up
mount -t tmpfs -o mode=755 tmpfs "$scratch"
echo '127.0.0.1 localhost' >"$scratch/hosts"
echo 'nameserver 127.0.0.1' >"$scratch/resolv.conf"
for file in hosts resolv.conf; do mount --bind "$scratch/$file" "/etc/$file"; done

# capture NAME SCRIPT: records what the script does
capture() {
  mkdir "$scratch/$1"
  printf '%s\n' "$2" >"$scratch/$1.sh"
  (cd "$scratch/$1" && $clean node "$main" -w "$scratch/$1.ksys" -- /bin/sh "$scratch/$1.sh" </dev/null >out.txt 2>err.txt)
  node trim.mjs "$scratch/$1.ksys" "$1.ksys"
}

web() {
  capture web 'mkdir site
for i in 1 2 3; do echo "<p>page $i</p>" >site/page$i.html; done
/usr/bin/python3 -m http.server --bind 127.0.0.1 --directory site 8123 2>access.log &
server=$!
until curl -s -o /dev/null http://127.0.0.1:8123/; do sleep 0.1; done
for i in 1 2 3; do curl -s http://127.0.0.1:8123/page$i.html; sleep 0.3; done
curl -s -o /dev/null http://127.0.0.1:8123/missing.html
sleep 0.3
curl -s -o /dev/null http://127.0.0.1:8123/page1.html http://127.0.0.1:8123/page2.html
kill $server'
}

build() {
  capture build 'cat >hello.c <<END
#include <stdio.h>
int main(void) { puts("hello"); return 0; }
END
printf "hello: hello.c\n\tcc -O1 -o hello hello.c\n" >Makefile
make
make
./hello
echo "int main(void) { return undeclared; }" >hello.c
make || true'
}

shell() {
  capture shell 'echo one >a.txt
cp a.txt b.txt
cat a.txt b.txt | sort | uniq -c
ls -l
mv b.txt c.txt
chmod 600 c.txt
find . -name "*.txt" -size -2
mkdir -p deep/er
ln -s ../a.txt deep/link
cat deep/link nothing || true
(cd deep && pwd)
sleep 0.2
grep -c one a.txt c.txt
rm -r deep a.txt c.txt'
}

for name in ${*:-web build shell}; do $name; done
chmod 644 ./*.ksys
ls -l ./*.ksys
