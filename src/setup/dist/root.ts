// The root of the checkout. It is searched upwards, as the source and the compiled file are at different depths.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = checkout()

function checkout(): string {
  let dir = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(dir, 'package-lock.json'))) {
    if (dir === dirname(dir))
      throw new Error('no package-lock.json of ksys in the folders above this file: a checkout is required')
    dir = dirname(dir)
  }
  return dir
}
