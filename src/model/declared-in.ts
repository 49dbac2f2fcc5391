// Registries whose entries are files of a folder, one declaration per file: adding a file is enough, no list names it.
import { readdirSync } from 'node:fs'

/**
 * The default exports of the modules of a folder, ordered by file name; `except`: file names, without extension, that declare
 * nothing. Source maps and type files beside compiled modules are ignored.
 */
export async function declaredIn<T>(folder: URL, except: ReadonlySet<string> = new Set()): Promise<T[]> {
  const files = readdirSync(folder).filter((f) => /^[a-z-]+\.(js|ts)$/.test(f) && !except.has(f.slice(0, -3)))
  const modules = await Promise.all(files.sort().map((f) => import(new URL(f, folder).href)))
  return modules.map((m: { default: T }) => m.default)
}
