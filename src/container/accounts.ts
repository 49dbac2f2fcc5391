// Users and groups of a container, read from its own files, with the ids that the kernel uses.
import { readFile, stat } from 'node:fs/promises'
import type { GroupInfo, UserInfo } from '../model/snapshot.js'
import { namesInForeign } from '../source/foreign/file.js'
import { SerialQueue } from './runtime.js'
import { FOLDER_KINDS } from './runtimes.js'
import type { Folders } from './sockets.js'
import { type IdRange, readText, type Tree } from './tree.js'

/** Limit of the accounts read from one container. */
const MOST = 1_000

export interface Accounts {
  readonly users: readonly UserInfo[]
  readonly groups: readonly GroupInfo[]
}

interface AccountPlaces {
  readonly folders: Folders
  /** where the host's root and its /proc are mounted */
  readonly host: string
  readonly proc: string
}

/** Reads accounts. Through processes one container is read at a time, so that one that blocks cannot use up all threads. */
export class AccountReader {
  private readonly queue = new SerialQueue()

  constructor(private readonly places: AccountPlaces) {}

  /** Accounts of the container with that full id, even before its first process runs; undefined if its files are not found. */
  async ofContainer(fullId: string, container: string): Promise<Accounts | undefined> {
    for (const tree of await this.treesOf(fullId)) {
      const found = await ofTree(tree, container)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Trees that may be the container's, by its full id, the most likely first. */
  private async treesOf(fullId: string): Promise<Tree[]> {
    const { folders, host } = this.places
    const found = FOLDER_KINDS.flatMap((f) => (folders[f.kind] ?? []).map((root) => f.trees(fullId, root, host)))
    return (await Promise.all(found)).flat()
  }

  /** Accounts of the container of a process; undefined if it cannot be determined. */
  ofProcess(pid: number, container: string): Promise<Accounts | undefined> {
    return this.queue.run(() => this.byProcess(pid, container))
  }

  private async byProcess(pid: number, container: string): Promise<Accounts | undefined> {
    const { proc } = this.places
    const root = `${proc}/${pid}/root`
    const [own, hosts] = await Promise.all([root, `${proc}/1/root`].map((p) => stat(p).catch(() => undefined)))
    // a runtime's own process has not entered the container yet
    if (own === undefined || (own.dev === hosts?.dev && own.ino === hosts.ino)) return undefined
    const [uids, gids] = await Promise.all(
      ['uid_map', 'gid_map'].map((name) => readFile(`${proc}/${pid}/${name}`, 'latin1').catch(() => undefined)),
    )
    if (uids === undefined || gids === undefined) return undefined
    return ofTree({ root, uids: ranges(uids), gids: ranges(gids) }, container)
  }
}

/** Undefined if there is no tree. A tree without a list of accounts still has root. */
async function ofTree(tree: Tree, container: string): Promise<Accounts | undefined> {
  const { root } = tree
  const [passwd, group] = await Promise.all(
    ['etc/passwd', 'etc/group'].map((path) => readText({ root, path, links: true })),
  )
  if (passwd === undefined && (await namesInForeign({ root, path: '/' }, 1)).length === 0) return undefined
  return { users: usersOf(passwd ?? '', tree, container), groups: groupsOf(group ?? '', tree, container) }
}

/** Parses the lines of a uid_map of /proc. */
function ranges(map: string): IdRange[] {
  return map
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter((n): n is [number, number, number] => n.length === 3 && n.every((x) => Number.isSafeInteger(x) && x >= 0))
    .map(([inside, outside, count]) => ({ inside, outside, count }))
}

/** The kernel's id for an id of the namespace; undefined if it is not mapped. */
function outside(id: number, map: readonly IdRange[]): number | undefined {
  const range = map.find((r) => id >= r.inside && id - r.inside < r.count)
  return range && range.outside + id - range.inside
}

const ID = /^\d{1,10}$/

/** The first entry of an id gives its name, as in getpwuid. */
function usersOf(passwd: string, { uids, gids }: Tree, container: string): UserInfo[] {
  const found = new Map<number, UserInfo>()
  for (const line of passwd.split('\n', MOST).concat('root:x:0:0:root:/root:')) {
    const [name = '', , uid = '', gid = '', , home = '', shell = ''] = line.split(':')
    const id = ID.test(uid) ? outside(Number(uid), uids) : undefined
    if (name === '' || id === undefined || found.has(id)) continue
    found.set(id, { uid: id, gid: outside(Number(gid), gids) ?? -1, name, home, shell, container })
  }
  return [...found.values()]
}

function groupsOf(group: string, { gids }: Tree, container: string): GroupInfo[] {
  const found = new Map<number, GroupInfo>()
  for (const line of group.split('\n', MOST).concat('root:x:0:')) {
    const [name = '', , gid = ''] = line.split(':')
    const id = ID.test(gid) ? outside(Number(gid), gids) : undefined
    if (name !== '' && id !== undefined && !found.has(id)) found.set(id, { gid: id, name, container })
  }
  return [...found.values()]
}

/** ms after the first failure in which retries are allowed at once; afterwards a pause is as long as the time since then. */
const EAGER = 10_000
/** Limit of containers remembered. */
const MOST_RETRIED = 4_096

export class Retries {
  /** performance.now() of the first failure, by container */
  private readonly first = new Map<string, number>()

  /** Records a failure, and calls `allow` once another attempt makes sense, possibly at once. */
  failed(container: string, allow: () => void): void {
    const now = performance.now()
    const first = this.first.get(container) ?? now
    if (this.first.size >= MOST_RETRIED) this.first.clear()
    this.first.set(container, first)
    const passed = now - first
    if (passed < EAGER) allow()
    else setTimeout(allow, passed).unref()
  }

  succeeded(container: string): void {
    this.first.delete(container)
  }
}
