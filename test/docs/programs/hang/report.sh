#!/bin/sh
exec 9>> app.lock
flock 9
