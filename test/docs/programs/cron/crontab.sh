#!/bin/sh
export PATH=/usr/bin:/bin
while sleep 1; do /bin/sh -c './cleanup.sh cache' 2> /dev/null & done
