// The folders that contain chisels.
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { configFolder } from '../model/config-folder.js'

/** File extensions of chisels, in the order in which they are tried. */
const ENDINGS = ['.js', '.mjs', '.ts', '.mts']

/** The folder of the chisels that come with ksys. */
const BUILT_IN = fileURLToPath(new URL('../../chisels', import.meta.url))

export interface ChiselFile {
  readonly name: string
  /** what -c takes for it: its name, or the path by which it was found */
  readonly argument: string
  readonly file: string
  readonly builtIn: boolean
}

/** The user's folders of chisels: that of the configuration, then those in KSYS_CHISEL_DIR, separated by colons. */
export function userFolders(env: NodeJS.ProcessEnv = process.env): string[] {
  const folder = configFolder(env)
  const more = (env.KSYS_CHISEL_DIR ?? '').split(':').filter((d) => d !== '')
  return [...(folder === undefined ? [] : [join(folder, 'chisels')]), ...more.map((d) => resolve(d))]
}

/** All chisels, sorted by name. If a name is in several folders, the first folder counts. */
export function allChisels(): ChiselFile[] {
  const byName = new Map<string, ChiselFile>()
  for (const dir of [BUILT_IN, ...userFolders()]) {
    for (const entry of entries(dir)) {
      const name = chiselName(entry)
      if (name === undefined || byName.has(name)) continue
      byName.set(name, { name, argument: name, file: join(dir, entry), builtIn: dir === BUILT_IN })
    }
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The names in a folder; none if it cannot be read. */
function entries(dir: string): string[] {
  try {
    return readdirSync(dir).sort()
  } catch {
    return []
  }
}

/** A sentence for each existing folder of chisels that cannot be read. */
export function unreadable(): string[] {
  return userFolders().flatMap((dir) => {
    try {
      readdirSync(dir)
      return []
    } catch (e) {
      const { code } = e as NodeJS.ErrnoException
      const why = code === 'ENOTDIR' ? 'not a folder' : code === 'EACCES' ? 'permission denied' : code
      return code === 'ENOENT' ? [] : [`cannot read chisels in ${dir}: ${why}`]
    }
  })
}

/**
 * The file of a chisel: by name, with or without an extension (also .lua, as in instructions for sysdig), or by a path that
 * contains a slash. The current directory is not searched. undefined if there is none.
 */
export function findChisel(name: string): ChiselFile | undefined {
  if (name.includes('/')) {
    const file = resolve(name)
    return existsSync(file) ? { name: chiselName(file) ?? name, argument: name, file, builtIn: false } : undefined
  }
  const bare = name.replace(/\.(lua|[mc]?[jt]s)$/, '')
  return allChisels().find((c) => c.name === bare)
}

/** The name of a chisel: its file name without the extension; undefined for other files. */
function chiselName(path: string): string | undefined {
  const file = path.slice(path.lastIndexOf('/') + 1)
  const ending = ENDINGS.find((e) => file.endsWith(e))
  return ending === undefined || file.endsWith('.d.ts') || file.startsWith('.')
    ? undefined
    : file.slice(0, -ending.length)
}
