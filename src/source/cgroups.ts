// The hierarchy of cgroups by which containers are told apart, and the cgroups that it has.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** More than any host has; keeps a strange mount from being walked for ever. */
const MOST = 65_536

interface Hierarchy {
  /** 0: the unified one; else the number that the kernel gave the one with the memory controller */
  readonly number: number
  /** where its root is mounted, undefined where only a part of it is seen */
  readonly mount: string | undefined
}

function lines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return []
  }
}

/** The hierarchy as the mounts of this process and the kernel's list of controllers tell it. */
export function hierarchyOf(mountinfo: readonly string[], controllers: readonly string[]): Hierarchy {
  const mounts = mountinfo.map((line) => {
    const [left = '', right = ''] = line.split(' - ')
    const fields = left.split(' ')
    const [type, , options = ''] = right.split(' ')
    return { root: fields[3], path: unescaped(fields[4] ?? ''), type, options: options.split(',') }
  })
  const rootOf = (found: typeof mounts) => found.find((m) => m.root === '/')?.path
  const unified = mounts.filter((m) => m.type === 'cgroup2')
  const memory = controllers.find((line) => line.startsWith('memory\t'))?.split('\t')[1]
  const number = Number(memory ?? 0)
  if (unified.length > 0 || !(number > 0)) return { number: 0, mount: rootOf(unified) }
  return { number, mount: rootOf(mounts.filter((m) => m.type === 'cgroup' && m.options.includes('memory'))) }
}

/** Blanks and backslashes of a path stand in octal there. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

function hierarchy(): Hierarchy {
  return hierarchyOf(lines('/proc/self/mountinfo'), lines('/proc/cgroups'))
}

/** What the kernel side is told: see Hierarchy.number. */
export function cgroupHierarchy(): number {
  return hierarchy().number
}

/** The cgroups that exist: paths by id, the number of the directory. Empty where the hierarchy cannot be seen whole. */
export function cgroupTree(): Map<number, string> {
  const { mount } = hierarchy()
  const found = new Map<number, string>()
  const walk = (path: string): void => {
    const dir = join(mount as string, path)
    try {
      found.set(statSync(dir).ino, path)
      for (const entry of readdirSync(dir, { withFileTypes: true }))
        if (entry.isDirectory() && found.size < MOST) walk(join(path, entry.name))
    } catch {
      // it has just been removed
    }
  }
  if (mount !== undefined) walk('/')
  return found
}
