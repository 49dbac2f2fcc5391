// Tests import the compiled modules, which Node loads as for a user: they are not transformed again in each worker.
import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Modules that Node loads, not Vitest. */
export const BELOW_BUILD = /\/\.build\/js\//

/** Replaces imports of modules in `src` and `chisels` by those in `.build/js`. */
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
