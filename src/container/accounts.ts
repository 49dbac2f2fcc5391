// Users and groups of a container, from its own files, by the numbers that the kernel has for them.
import { stat } from 'node:fs/promises'
import type { GroupInfo, UserInfo } from '../model/snapshot.js'
import { readSmall } from './read.js'

/** Most accounts that are taken from one container. */
const MOST = 1_000

export interface Accounts {
  readonly users: readonly UserInfo[]
  readonly groups: readonly GroupInfo[]
}

/** Ranges of a user namespace: numbers inside from `inside` on are `outside` on. */
interface Range {
  readonly inside: number
  readonly outside: number
  readonly count: number
}

/** The accounts of the container that a process is in; undefined when they cannot be read. `proc` is where /proc is. */
export async function accountsOf(pid: number, container: string, proc: string): Promise<Accounts | undefined> {
  const dir = `${proc}/${pid}`
  const [own, hosts] = await Promise.all([`${dir}/root`, `${proc}/1/root`].map((p) => stat(p).catch(() => undefined)))
  // a runtime's own process is still outside
  if (own === undefined || (own.dev === hosts?.dev && own.ino === hosts.ino)) return undefined
  const read = async (name: string) => (await readSmall(`${dir}/${name}`))?.toString()
  const [passwd, group, uids, gids] = await Promise.all([
    read('root/etc/passwd'),
    read('root/etc/group'),
    read('uid_map'),
    read('gid_map'),
  ])
  if (passwd === undefined || uids === undefined || gids === undefined) return undefined
  return {
    users: usersOf(passwd, ranges(uids), ranges(gids), container),
    groups: groupsOf(group ?? '', ranges(gids), container),
  }
}

export function ranges(map: string): Range[] {
  return map
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter((n): n is [number, number, number] => n.length === 3 && n.every((x) => Number.isSafeInteger(x) && x >= 0))
    .map(([inside, outside, count]) => ({ inside, outside, count }))
}

/** What the kernel calls a number of the namespace; undefined when that has none. */
function outside(id: number, map: readonly Range[]): number | undefined {
  const range = map.find((r) => id >= r.inside && id - r.inside < r.count)
  return range && range.outside + id - range.inside
}

const ID = /^\d{1,10}$/

function usersOf(passwd: string, uids: readonly Range[], gids: readonly Range[], container: string): UserInfo[] {
  const found: UserInfo[] = []
  for (const line of passwd.split('\n').slice(0, MOST)) {
    const [name = '', , uid = '', gid = '', , home = '', shell = ''] = line.split(':')
    const id = ID.test(uid) ? outside(Number(uid), uids) : undefined
    if (name === '' || id === undefined) continue
    found.push({ uid: id, gid: outside(Number(gid), gids) ?? -1, name, home, shell, container })
  }
  return found
}

function groupsOf(group: string, gids: readonly Range[], container: string): GroupInfo[] {
  const found: GroupInfo[] = []
  for (const line of group.split('\n').slice(0, MOST)) {
    const [name = '', , gid = ''] = line.split(':')
    const id = ID.test(gid) ? outside(Number(gid), gids) : undefined
    if (name !== '' && id !== undefined) found.push({ gid: id, name, container })
  }
  return found
}
