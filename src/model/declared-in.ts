// What the files of a folder declare, one each: who adds a file has declared something, no list names it.
import { readdirSync } from 'node:fs'

/**
 * The default exports of the modules of a folder, by their files' names; `except`: names of files, without their ends, that
 * declare nothing. Maps and types that lie beside compiled modules are none.
 */
export async function declaredIn<T>(folder: URL, except: ReadonlySet<string> = new Set()): Promise<T[]> {
  const files = readdirSync(folder).filter((f) => /^[a-z-]+\.(js|ts)$/.test(f) && !except.has(f.slice(0, -3)))
  const modules = await Promise.all(files.sort().map((f) => import(new URL(f, folder).href)))
  return modules.map((m: { default: T }) => m.default)
}
