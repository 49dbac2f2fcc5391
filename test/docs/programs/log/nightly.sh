#!/bin/sh
./report.sh orders
