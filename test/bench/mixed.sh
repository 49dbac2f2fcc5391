#!/bin/bash
# The mixed load of `npm run bench mixed`: nginx, redis, a compiler, find and shells, each as fast as possible, for a number of
# seconds. Ports are of 127.0.0.1 only; all that it starts ends with it.
# usage: mixed.sh SECONDS
set -u
end=$((SECONDS + $1))
dir=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2>/dev/null; wait; rm -rf "$dir"' EXIT
cd "$dir"
mkdir www
head -c 4096 /dev/urandom > www/index.html
printf '#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\nint main(void)\n{\n\tprintf("%%zu", strlen("text"));\n\treturn 0;\n}\n' > a.c

again() { while [ $SECONDS -lt $end ]; do "$@" > /dev/null 2>&1 || sleep 0.1; done; }
fetch() { curl -s $(printf 'http://127.0.0.1:18080/ %.0s' {1..50}); }
compile() { gcc -O1 -o a.out a.c && ./a.out; }
words() { for i in {1..30}; do /bin/echo hi | cat | wc -c; grep -rl root /etc/ssl; done; }

if command -v nginx > /dev/null; then
	cat > nginx.conf <<-N
	pid $dir/pid; error_log $dir/error.log; daemon off; worker_processes 1;
	events { worker_connections 512; }
	http {
		access_log $dir/access.log; server { listen 127.0.0.1:18080; root $dir/www; }
		client_body_temp_path $dir/t; proxy_temp_path $dir/t; fastcgi_temp_path $dir/t; uwsgi_temp_path $dir/t; scgi_temp_path $dir/t;
	}
	N
	chmod 755 "$dir"
	nginx -c "$dir/nginx.conf" & servers+=($!)
fi
if command -v redis-server > /dev/null; then
	redis-server --port 16379 --bind 127.0.0.1 --save '' > /dev/null & servers+=($!)
fi
sleep 0.5
command -v nginx > /dev/null && again fetch &
command -v redis-benchmark > /dev/null && again redis-benchmark -p 16379 -n 20000 -c 20 -q &
command -v gcc > /dev/null && again compile &
again find /usr /etc -xdev -type f -newer /etc/passwd &
again words &
while [ $SECONDS -lt $end ]; do sleep 0.2; done
