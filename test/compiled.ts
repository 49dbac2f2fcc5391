// Tests import what was compiled, as Node loads it for a user: modules are read once, without being transformed again in each worker.
import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Modules that Vitest leaves to Node. */
export const BELOW_BUILD = /\/\.build\/js\//

/** What tests import from `src` and `chisels` is the module below `.build/js`. */
export function compiled(): Plugin {
  return {
    name: 'ksys-compiled',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!source.startsWith('.') || importer === undefined) return undefined
      const path = relative(ROOT, join(dirname(importer), source))
      if (!/^(src|chisels)\//.test(path)) return undefined
      const file = join(ROOT, '.build/js', path)
      return existsSync(file) ? file : undefined
    },
  }
}
