#!/bin/sh
while :; do
  ./worker.sh &
  sleep 1
  kill -9 $!
  sleep 0.5
done
