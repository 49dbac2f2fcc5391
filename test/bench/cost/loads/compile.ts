// A compilation of twelve small C files by make -j2.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Load } from './load.js'
import { repeat } from './repeat.js'

const FILES = Array.from({ length: 12 }, (_, i) => `part${i}`)

const source = (name: string): string => `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int ${name}(const char *text)
{
	char copy[64];
	snprintf(copy, sizeof copy, "%s %d", text, getpid());
	return (int)strlen(copy);
}
`

export const compile: Load = {
  name: 'compile',
  title: 'compilation',
  operation: 'make -j2 of twelve C files',
  longer: 3,
  needs: [
    { file: 'make', packages: 'make' },
    { file: 'gcc', packages: 'gcc libc6-dev' },
  ],
  prepare: async (folder) => {
    for (const name of FILES) writeFileSync(join(folder, `${name}.c`), source(name))
    const objects = FILES.map((name) => `${name}.o`).join(' ')
    writeFileSync(join(folder, 'Makefile'), `all: ${objects}\n%.o: %.c\n\tgcc -O1 -c -o $@ $<\n`)
    return { run: (run) => repeat(['make', '-s', '-B', '-j2'], run, folder), end: async () => {} }
  },
}
