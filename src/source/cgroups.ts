// The hierarchies of cgroups by which containers are told apart, the cgroups that they have, and ksys's own place in them.
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { posix } from 'node:path'
import { decodeText } from '../model/text.js'

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

export interface Mount {
  /** of the hierarchy, as the reader's cgroup namespace has it */
  readonly root: string | undefined
  readonly path: string
  /** of the file system, which mounts of the same hierarchy share */
  readonly device: string | undefined
  readonly type: string | undefined
  readonly options: readonly string[]
}

/**
 * The hierarchy as the mounts of this process and the kernel's list of controllers tell it. `isTop`: whether a mount shows
 * the whole of it, which its path does not tell in a cgroup namespace.
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

/** The mounts that /proc/PID/mountinfo tells. */
export function mountsOf(mountinfo: readonly string[]): Mount[] {
  return mountinfo.map((line) => {
    const [left = '', right = ''] = line.split(' - ')
    const fields = left.split(' ')
    const [type, , options = ''] = right.split(' ')
    return { device: fields[2], root: fields[3], path: unescaped(fields[4] ?? ''), type, options: options.split(',') }
  })
}

/** The directory at the top of a hierarchy has the number 1. */
function hasFirst({ path }: Mount): boolean {
  try {
    return statSync(path).ino === 1
  } catch {
    return false
  }
}

/** Blanks and backslashes of a path stand in octal there. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

/** The controllers whose cgroups threads are recorded with, as /proc/cgroups calls them and struct ksys_plan has them. */
const CONTROLLERS = ['cpuset', 'cpu', 'cpuacct', 'blkio', 'memory']
/** KSYS_CGROUP_KEY: what stands above a cgroup's own number. */
const KEY = 2 ** 44

/**
 * The other hierarchies that may have containers of their own, by the place of one of their controllers: version 1 beside the
 * one by which they are usually told apart.
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

/** What the kernel side is told of hierarchies. */
export interface HierarchyNumbers {
  /** see Hierarchy.number */
  readonly main: number
  /** by the place of one of their controllers, 0 for none */
  readonly others: readonly number[]
}

export function hierarchyNumbers(): HierarchyNumbers {
  const found = others()
  return { main: hierarchy().number, others: CONTROLLERS.map((_, place) => found.get(place)?.number ?? 0) }
}

/** The cgroups of all these hierarchies: paths by the key by which the kernel side knows them. */
export function everyCgroup(): Map<number, string> {
  const all = cgroupTree()
  for (const [place, { mount }] of others())
    if (mount !== undefined) for (const [id, path] of treeOf(mount)) all.set(id + (place + 1) * KEY, path)
  return all
}

/** The cgroups of the main hierarchy, by which containers are usually told apart: paths by id, the number of the directory. Empty where the hierarchy cannot be seen whole. */
export function cgroupTree(): Map<number, string> {
  const { mount } = hierarchy()
  return mount === undefined ? new Map() : treeOf(mount)
}

/** The path of the cgroup with this key (see everyCgroup()), the one at the top of the main hierarchy 1; undefined where that is not seen. */
export function cgroupPath(key: number): string | undefined {
  if (key === 1) return '/'
  return (key < KEY ? cgroupTree() : everyCgroup()).get(key)
}

/** Names are bytes. */
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

/** The kernel's first cgroup namespace, a number that never changes (PROC_CGROUP_INIT_INO). */
const FIRST = 'cgroup:[4026531835]'
let base: string | undefined

/** The path that /proc tells of a cgroup, from the top: in a namespace of its own ksys is told where others are from there. */
export function fromTop(path: string): string {
  base ??= ownTop()
  return base === '' ? path : posix.join(base, path).replace(/(.)\/$/, '$1')
}

/** Whether this process has a cgroup namespace of its own, as containers have. */
export function hasOwnCgroups(): boolean {
  try {
    return readlinkSync('/proc/self/ns/cgroup') !== FIRST
  } catch {
    return false
  }
}

/** Where the cgroup namespace of this process begins; '' where that is at the top, or cannot be told. */
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
