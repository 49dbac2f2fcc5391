// The hierarchies of cgroups by which containers are distinguished, their cgroups, and the position of ksys itself in them.
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { posix } from 'node:path'
import { decodeText } from '../model/text.js'

/** Upper bound of cgroups to read, more than any host has: protects against mounts that never end. */
const MOST = 65_536

interface Hierarchy {
  /** 0: the unified hierarchy; otherwise the kernel's number of the hierarchy with the memory controller */
  readonly number: number
  /** where its root is mounted; undefined if only a part of it is visible */
  readonly mount: string | undefined
}

function lines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return []
  }
}

export interface Mount {
  /** the root of the mount within its hierarchy, relative to the reader's cgroup namespace */
  readonly root: string | undefined
  readonly path: string
  /** device number of the file system, which mounts of the same hierarchy share */
  readonly device: string | undefined
  readonly type: string | undefined
  readonly options: readonly string[]
}

/**
 * The main hierarchy, from the mounts of this process and the kernel's list of controllers. `isTop`: whether a mount shows the whole
 * hierarchy, which its path does not show in a cgroup namespace.
 */
export function hierarchyOf(
  mountinfo: readonly string[],
  controllers: readonly string[],
  isTop: (mount: Mount) => boolean = hasFirst,
): Hierarchy {
  const mounts = mountsOf(mountinfo)
  const rootOf = (found: readonly Mount[]) => found.find(isTop)?.path
  const unified = mounts.filter((m) => m.type === 'cgroup2')
  const memory = controllers.find((line) => line.startsWith('memory\t'))?.split('\t')[1]
  const number = Number(memory ?? 0)
  if (unified.length > 0 || !(number > 0)) return { number: 0, mount: rootOf(unified) }
  return { number, mount: rootOf(mounts.filter((m) => m.type === 'cgroup' && m.options.includes('memory'))) }
}

/** Parses the lines of /proc/PID/mountinfo. */
export function mountsOf(mountinfo: readonly string[]): Mount[] {
  return mountinfo.map((line) => {
    const [left = '', right = ''] = line.split(' - ')
    const fields = left.split(' ')
    const [type, , options = ''] = right.split(' ')
    return { device: fields[2], root: fields[3], path: unescaped(fields[4] ?? ''), type, options: options.split(',') }
  })
}

/** Whether the inode number is 1, that of the directory at the top of a hierarchy. */
function hasFirst({ path }: Mount): boolean {
  try {
    return statSync(path).ino === 1
  } catch {
    return false
  }
}

/** Decodes blanks and backslashes of a path, which mountinfo contains as octal escapes. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

/** The controllers whose cgroups are recorded with threads, named as in /proc/cgroups and in the order of struct ksys_plan. */
const CONTROLLERS = ['cpuset', 'cpu', 'cpuacct', 'blkio', 'memory']
/** KSYS_CGROUP_KEY: a key is the index of the hierarchy times this, plus the cgroup's own id. */
const KEY = 2 ** 44

/**
 * Other cgroup v1 hierarchies that may have containers of their own, beside the main one. Keys are the index of one of their
 * controllers in CONTROLLERS.
 */
export function otherHierarchies(
  main: number,
  mountinfo: readonly string[],
  controllers: readonly string[],
  isTop: (mount: Mount) => boolean = hasFirst,
): Map<number, Hierarchy> {
  const mounts = mountsOf(mountinfo).filter((m) => m.type === 'cgroup' && isTop(m))
  const found = new Map<number, Hierarchy>()
  const seen = new Set([0, main])
  for (const [place, name] of CONTROLLERS.entries()) {
    const line = controllers.find((l) => l.startsWith(`${name}\t`))
    const number = Number(line?.split('\t')[1] ?? 0)
    if (seen.has(number)) continue
    seen.add(number)
    found.set(place, { number, mount: mounts.find((m) => m.options.includes(name))?.path })
  }
  return found
}

function hierarchy(): Hierarchy {
  return hierarchyOf(lines('/proc/self/mountinfo'), lines('/proc/cgroups'))
}

function others(): Map<number, Hierarchy> {
  return otherHierarchies(hierarchy().number, lines('/proc/self/mountinfo'), lines('/proc/cgroups'))
}

/** Numbers of hierarchies for the kernel side. */
export interface HierarchyNumbers {
  /** see Hierarchy.number */
  readonly main: number
  /** by the index of one of their controllers; 0: none */
  readonly others: readonly number[]
}

export function hierarchyNumbers(): HierarchyNumbers {
  const found = others()
  return { main: hierarchy().number, others: CONTROLLERS.map((_, place) => found.get(place)?.number ?? 0) }
}

/** The cgroups of all these hierarchies: paths by the key that the kernel side uses. */
export function everyCgroup(): Map<number, string> {
  const all = cgroupTree()
  for (const [place, { mount }] of others())
    if (mount !== undefined) for (const [id, path] of treeOf(mount)) all.set(id + (place + 1) * KEY, path)
  return all
}

/** The cgroups of the main hierarchy: paths by id, the inode number of the directory. Empty if the whole hierarchy is not visible. */
export function cgroupTree(): Map<number, string> {
  const { mount } = hierarchy()
  return mount === undefined ? new Map() : treeOf(mount)
}

/** The path of the cgroup with this key (see everyCgroup()); key 1 is the top of the main hierarchy. Undefined if it is not visible. */
export function cgroupPath(key: number): string | undefined {
  if (key === 1) return '/'
  return (key < KEY ? cgroupTree() : everyCgroup()).get(key)
}

/** Paths by inode number. Names are bytes, not necessarily valid UTF-8. */
function treeOf(mount: string): Map<number, string> {
  const found = new Map<number, string>()
  const walk = (path: Buffer): void => {
    const dir = Buffer.concat([Buffer.from(mount), path])
    try {
      found.set(statSync(dir).ino, decodeText(path, 0, path.length))
      for (const entry of readdirSync(dir, { withFileTypes: true, encoding: 'buffer' })) {
        if (!entry.isDirectory() || found.size >= MOST) continue
        walk(Buffer.concat([path, Buffer.from(path.length > 1 ? '/' : ''), entry.name]))
      }
    } catch {
      // it has just been removed
    }
  }
  walk(Buffer.from('/'))
  return found
}

/** The initial cgroup namespace; its number is a constant of the kernel (PROC_CGROUP_INIT_INO). */
const FIRST = 'cgroup:[4026531835]'
let base: string | undefined

/** Makes a cgroup path of /proc absolute: in its own cgroup namespace ksys reads paths relative to the root of that namespace. */
export function fromTop(path: string): string {
  base ??= ownTop()
  return base === '' ? path : posix.join(base, path).replace(/(.)\/$/, '$1')
}

/** Whether this process has its own cgroup namespace, as in a container. */
export function hasOwnCgroups(): boolean {
  try {
    return readlinkSync('/proc/self/ns/cgroup') !== FIRST
  } catch {
    return false
  }
}

/** The root of this process's cgroup namespace; '' if that is the top, or cannot be determined. */
function ownTop(): string {
  try {
    if (!hasOwnCgroups()) return ''
    const mounts = mountsOf(lines('/proc/self/mountinfo')).filter((m) => m.type?.startsWith('cgroup') === true)
    for (const own of mounts.filter((m) => m.root === '/')) {
      const top = mounts.find((m) => m.device === own.device && hasFirst(m))
      const path = top && treeOf(top.path).get(statSync(own.path).ino)
      if (path !== undefined) return path
    }
    return ''
  } catch {
    return ''
  }
}
