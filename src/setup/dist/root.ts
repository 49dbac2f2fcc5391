// The checkout: this file lies at different depths in it, as source and compiled.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = checkout()

function checkout(): string {
  let dir = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(dir, 'package-lock.json'))) {
    if (dir === dirname(dir)) throw new Error('no package-lock.json of ksys lies above this file: it needs a checkout')
    dir = dirname(dir)
  }
  return dir
}
