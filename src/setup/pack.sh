#!/bin/sh
# What npm runs before it packs a checkout. There is one package of this name and version: the file of `npm run dist`, which contains
# all that it needs, with the licences.
version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)
echo "ksys: a checkout is not packed: npm run dist builds the package, .build/dist/ksys-$version.tgz" >&2
exit 1
