// find and tar over a tree of 2,000 small files. tar reads no file if its output is /dev/null, so its output is a pipe.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Load } from './load.js'
import { repeat } from './repeat.js'

const FOLDERS = 40
const FILES = 50

export const find: Load = {
  name: 'find',
  title: 'find and tar',
  operation: 'find and tar over 2,000 files',
  needs: [],
  prepare: async (folder) => {
    for (let i = 0; i < FOLDERS; i++) {
      mkdirSync(join(folder, `tree/${i}`), { recursive: true })
      for (let k = 0; k < FILES; k++) writeFileSync(join(folder, `tree/${i}/${k}`), 'x'.repeat(1024))
    }
    const script = 'find tree -type f -newer tree/0/0 >/dev/null && tar -cf - tree | cat >/dev/null'
    return { run: (run) => repeat(['sh', '-c', script], run, folder), end: async () => {} }
  },
}
