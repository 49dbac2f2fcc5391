// Where chisels are looked for.
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { configFolder } from '../model/config-folder.js'

/** What a file of a chisel may end with; in this order they are tried. */
const ENDINGS = ['.js', '.mjs', '.ts', '.mts']

/** The folder of the chisels that come with ksys. */
const BUILT_IN = fileURLToPath(new URL('../../chisels', import.meta.url))

export interface Found {
  readonly name: string
  readonly file: string
  readonly builtIn: boolean
}

/** The folders of the user's own chisels: their configuration's, then those of KSYS_CHISEL_DIR, parted by colons. */
export function userFolders(env: NodeJS.ProcessEnv = process.env): string[] {
  const folder = configFolder(env)
  const more = (env.KSYS_CHISEL_DIR ?? '').split(':').filter((d) => d !== '')
  return [...(folder === undefined ? [] : [join(folder, 'chisels')]), ...more.map((d) => resolve(d))]
}

/** All chisels by name; where a name is in several folders, the first one's. */
export function allChisels(): Found[] {
  const byName = new Map<string, Found>()
  for (const dir of [BUILT_IN, ...userFolders()]) {
    for (const entry of entries(dir)) {
      const name = bareName(entry)
      if (name === undefined || byName.has(name)) continue
      byName.set(name, { name, file: join(dir, entry), builtIn: dir === BUILT_IN })
    }
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The names in a folder, none where it cannot be read. */
function entries(dir: string): string[] {
  try {
    return readdirSync(dir).sort()
  } catch {
    return []
  }
}

/** A sentence for each folder of chisels that is there and cannot be read. */
export function unreadable(): string[] {
  return userFolders().flatMap((dir) => {
    try {
      readdirSync(dir)
      return []
    } catch (e) {
      const { code } = e as NodeJS.ErrnoException
      const why = code === 'ENOTDIR' ? 'it is no folder' : code === 'EACCES' ? 'permission denied' : code
      return code === 'ENOENT' ? [] : [`no chisels are looked for in ${dir}: ${why}`]
    }
  })
}

/**
 * The file of a chisel: by its name, with or without an ending (also .lua, as it is written in instructions for sysdig), or
 * by a path, which has a slash in it. Nothing is looked for in the current directory. undefined when there is none.
 */
export function findChisel(name: string): Found | undefined {
  if (name.includes('/')) {
    const file = resolve(name)
    return existsSync(file) ? { name: bareName(file) ?? name, file, builtIn: false } : undefined
  }
  const bare = name.replace(/\.(lua|[mc]?[jt]s)$/, '')
  return allChisels().find((c) => c.name === bare)
}

/** The name of a chisel's file: its last part without the ending; undefined for other files. */
function bareName(path: string): string | undefined {
  const file = path.slice(path.lastIndexOf('/') + 1)
  const ending = ENDINGS.find((e) => file.endsWith(e))
  return ending === undefined || file.endsWith('.d.ts') || file.startsWith('.')
    ? undefined
    : file.slice(0, -ending.length)
}
