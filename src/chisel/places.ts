// Where chisels are looked for, and which files are trusted to be run.
import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ChiselError } from './args.js'

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
  const config = env.XDG_CONFIG_HOME
  const own = join(config !== undefined && isAbsolute(config) ? config : join(homedir(), '.config'), 'ksys/chisels')
  const more = (env.KSYS_CHISEL_DIR ?? '').split(':').filter((d) => d !== '')
  return [own, ...more.map((d) => resolve(d))]
}

/** All chisels by name; where a name is in several folders, the first one's. */
export function allChisels(): Found[] {
  const byName = new Map<string, Found>()
  for (const dir of [BUILT_IN, ...userFolders()]) {
    if (!existsSync(dir)) continue
    for (const entry of readdirSync(dir).sort()) {
      const name = bareName(entry)
      if (name === undefined || byName.has(name)) continue
      byName.set(name, { name, file: join(dir, entry), builtIn: dir === BUILT_IN })
    }
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
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

/**
 * The real path of a file that may be run: it, its folder and a link to it belong to this user or root, and not everybody
 * may write them. Throws ChiselError.
 */
export function trusted(file: string): string {
  const real = realpathSync(file)
  const refuse = (what: string) => {
    throw new ChiselError(`${file} is not run: ${what}. Only files of yours or root's, which others cannot change, are`)
  }
  const owners = trustedOwners()
  for (const path of new Set([file, real]))
    if (!owners.has(lstatSync(path).uid)) refuse(`${path} belongs to another user`)
  const st = statSync(real)
  if (!st.isFile()) refuse('it is no file')
  if ((st.mode & 0o002) !== 0) refuse('everybody may write it')
  for (const dir of new Set([dirname(file), dirname(real)])) {
    const d = statSync(dir)
    const sticky = (d.mode & 0o1000) !== 0
    if ((d.mode & 0o002) !== 0 && !sticky) refuse(`everybody may replace files in ${dir}`)
    if (!owners.has(d.uid)) refuse(`${dir} belongs to another user`)
  }
  return real
}

/** root, this user, and who became root by sudo. */
function trustedOwners(): Set<number> {
  const euid = process.geteuid?.() ?? 0
  const owners = new Set([0, euid])
  const sudo = process.env.SUDO_UID
  if (euid === 0 && sudo !== undefined && /^\d+$/.test(sudo)) owners.add(Number(sudo))
  return owners
}
