#!/bin/sh
# Signs SHA256SUMS of a release with an SSH key: ssh-keygen is on nearly every machine, checks without a network, and takes keys of
# agents and hardware. docs/operations.md shows how users check it.
# usage: sign.sh KEY FOLDER     KEY: the file of the private key, or of a public key whose private key the agent has
set -eu
key=$1 sums=$2/SHA256SUMS
rm -f "$sums.sig"
ssh-keygen -q -Y sign -f "$key" -n ksys-release "$sums"
case $key in
  *.pub) public=$(cat "$key") ;;
  *) public=$(cat "$key.pub" 2>/dev/null || ssh-keygen -y -f "$key") ;;
esac
# the comment of a key may name a person or a machine
echo "ksys dist: signed SHA256SUMS; users check it with this line in allowed_signers:" >&2
printf '%s\n' "$public" | { read -r type text _ && echo "ksys namespaces=\"ksys-release\" $type $text"; }
