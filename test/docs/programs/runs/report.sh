#!/bin/sh
cat users.csv orders.csv | sort > report.txt
