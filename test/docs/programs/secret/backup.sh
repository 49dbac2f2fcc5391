#!/bin/sh
while sleep 0.3; do
  tar -cf backup.tar secret.pem
  setpriv --reuid=65534 --clear-groups cat secret.pem
done
