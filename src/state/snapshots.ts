// Snapshots to thread tables and back.
import type { Snapshot, ThreadInfo } from '../model/snapshot.js'
import { FdTable, FsInfo, Thread } from '../model/thread.js'
import type { CaptureInfo } from '../source/source.js'
import { fdLoader, fdSaver } from './snapshot-fds.js'
import type { Threads } from './threads.js'

/** Fields that a Thread and its snapshot have under the same name, in the same form. */
const SAME = [
  'ptid',
  'vtid',
  'vpid',
  'comm',
  'exe',
  'exepath',
  'args',
  'env',
  'uid',
  'gid',
  'loginuid',
  'tty',
  'sid',
  'pgid',
  'vpgid',
  'capInheritable',
  'capPermitted',
  'capEffective',
  'cgroups',
  'fdLimit',
  'vmSize',
  'vmRss',
  'vmSwap',
  'pgftMaj',
  'pgftMin',
  'exeIno',
  'exeInoCtime',
  'exeInoMtime',
  'pidnsStart',
  'exeWritable',
  'exeUpperLayer',
] as const satisfies readonly (keyof Thread & keyof ThreadInfo)[]

/** The same, left out where nobody told. */
const TIMES = [
  'ranUser',
  'ranSystem',
  'ranAt',
  'lastUser',
  'lastSystem',
  'ranSpan',
] as const satisfies readonly (keyof Thread & keyof ThreadInfo)[]

/** Thread.announced of a thread of which every record has come; what nothing is known of has 0. */
const ALL_ANNOUNCED = 7

/** Fills the empty tables. */
export function loadThreads(threads: Threads, s: Snapshot, info: CaptureInfo): void {
  const { startBoot } = info
  const loadFds = fdLoader(s, info)
  const infos = [...s.threads].sort((a, b) => Number(a.tid !== a.pid) - Number(b.tid !== b.pid))
  /** threads whose main thread the snapshot does not have */
  const alone: Thread[] = []
  for (const i of infos) {
    const isMain = i.tid === i.pid || i.pid <= 0
    const isAlone = !isMain && !threads.map.has(i.pid)
    const leader = isMain ? undefined : threads.mainOf(i.pid)
    const own = i.fds !== undefined || leader === undefined
    const t = new Thread(i.tid, leader?.pid ?? i.tid, own ? new FdTable() : leader.fdTable, leader)
    if (own) loadFds(t.fdTable, i.fds ?? [])
    for (const key of SAME) (t as unknown as Record<string, unknown>)[key] = i[key]
    for (const key of TIMES) {
      const told = i[key]
      if (told !== undefined) t[key] = told
    }
    const cwd = i.cwd.length > 1 && i.cwd.endsWith('/') ? i.cwd.slice(0, -1) : i.cwd
    if (leader === undefined || leader.cwd !== cwd || leader.root !== i.root) t.fs = new FsInfo(cwd, i.root)
    if (i.fsToldAt !== undefined) t.fs.toldAt = i.fsToldAt
    t.announced = (i.announced ?? 0) & ALL_ANNOUNCED
    t.startTime = i.startBoot > 0 ? i.startBoot - startBoot : undefined
    t.placeholder = i.comm === '' && i.exe === ''
    threads.put(t)
    if (!isAlone || leader === undefined) continue
    alone.push(t)
    leader.fdTable = t.fdTable
    leader.fs = t.fs
  }
  for (const i of infos) {
    const t = threads.map.get(i.tid)
    // there were more than there may be
    if (t === undefined) continue
    const owner = i.fdsOf === undefined ? undefined : threads.map.get(i.fdsOf)
    if (owner !== undefined) t.fdTable = owner.fdTable
    const companion = i.fsOf === undefined ? undefined : threads.map.get(i.fsOf)
    if (companion !== undefined) t.fs = companion.fs
    const parent = i.ptid > 0 ? threads.map.get(i.ptid)?.leader : undefined
    if (parent === undefined || parent === t.leader) continue
    t.parent = parent
    if (t.leader === t) parent.nChildren++
  }
  // a thread may have a name of its own
  for (const t of alone) threads.describeMain(t, '')
}

/** The tables as plain data. Descriptors are listed once, at the first thread of each table. */
export function saveThreads(threads: Threads, startBoot: number): ThreadInfo[] {
  const owners = new Map<FdTable, number>()
  const places = new Map<FsInfo, number>()
  for (const t of threads.map.values()) {
    if (t.leader !== t) continue
    if (!owners.has(t.fdTable)) owners.set(t.fdTable, t.tid)
    if (!places.has(t.fs)) places.set(t.fs, t.tid)
  }
  const saveFd = fdSaver(owners.keys())
  const out: ThreadInfo[] = []
  for (const t of threads.map.values()) {
    const info: Record<string, unknown> = { tid: t.tid, pid: t.pid, cwd: t.cwd, root: t.root }
    for (const key of SAME) info[key] = t[key]
    if (t.ranUser !== undefined) for (const key of TIMES) info[key] = t[key]
    info.startBoot = t.startTime === undefined ? 0 : t.startTime + startBoot
    const owner = owners.get(t.fdTable)
    if (owner === undefined) owners.set(t.fdTable, t.tid)
    if (owner === undefined || owner === t.tid) info.fds = t.fdTable.fds.values().map(saveFd)
    else if (t.leader === t || t.leader.fdTable !== t.fdTable) info.fdsOf = owner
    const place = places.get(t.fs)
    if (place !== undefined && place !== t.tid && (t.leader === t || t.leader.fs !== t.fs)) info.fsOf = place
    if (Number.isFinite(t.fs.toldAt)) info.fsToldAt = t.fs.toldAt
    if (t.announced > 0 && t.announced < ALL_ANNOUNCED) info.announced = t.announced
    out.push(info as unknown as ThreadInfo)
  }
  return out
}
