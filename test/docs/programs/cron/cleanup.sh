#!/bin/sh
echo start >> cleanup.log
tmpreaper 7d "$1"
