#!/bin/sh
while sleep 0.2; do echo 'database is locked' >> app.log; done
