// Converts snapshots to thread tables and back.

import type { Snapshot, ThreadInfo } from '../model/snapshot.js'
import { TextList } from '../model/text-list.js'
import { FdTable, FsInfo, isSameStart, Thread } from '../model/thread.js'
import { isThreadList, threadRecords } from '../model/thread-records.js'
import { type BootNs, batchOfBoot, bootOf } from '../model/time.js'
import type { CaptureInfo } from '../source/source.js'
import { type Arrival, PendingThreads } from './pending-threads.js'
import { savedTables, tableMaker } from './snapshot-fds.js'
import type { Threads } from './threads.js'

/** Members that a Thread and its snapshot have under the same name, in the same form. */
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

/** The same, omitted if not recorded. */
const TIMES = [
  'ranUser',
  'ranSystem',
  'ranAt',
  'ranFirst',
  'lastUser',
  'lastSystem',
  'ranSpan',
] as const satisfies readonly (keyof Thread & keyof ThreadInfo)[]

/** Thread.announced of a thread with every record received; an unknown thread has 0. */
const ALL_ANNOUNCED = 7

/**
 * Replaces the content of the tables by a snapshot. Threads that are not decoded yet are created when something needs them. A thread that
 * the tables had keeps its object, by which chisels and exports recognize it. onLoad: called for each thread that was created.
 */
export function loadThreads(threads: Threads, s: Snapshot, info: CaptureInfo, onLoad: (t: Thread) => void): void {
  const former = threads.clear()
  const tableOf = tableMaker(s, info, threads.capacity)
  const create = (i: ThreadInfo, leader: Thread | undefined) =>
    withObjectOf(former.get(i.tid), threadOf(i, leader, info.startBoot, tableOf))
  const pending = new PendingThreads(threadRecords(s.threads), (arrivals) => {
    addThreads(threads, arrivals, create)
    for (const { info } of arrivals) {
      const t = threads.map.get(info.tid)
      if (t !== undefined) onLoad(t)
    }
  })
  threads.map.expect(pending)
  for (const tid of former.keys()) threads.map.get(tid)
  former.clear()
  // which end of a connection a socket is must be decided by what listens now
  if (isThreadList(s.threads) || !info.has.socketEndpoints) threads.map.createAll()
}

/** Adds threads of complete processes, main threads first. */
function addThreads(
  threads: Threads,
  arrivals: readonly Arrival[],
  create: (i: ThreadInfo, leader: Thread | undefined) => Thread,
): void {
  /** threads whose main thread the snapshot does not contain */
  const alone: Thread[] = []
  const followers: (() => void)[] = []
  for (const { info: i, children } of arrivals) {
    const isMain = i.tid === i.pid || i.pid <= 0
    const isAlone = !isMain && !threads.map.has(i.pid)
    const leader = isMain ? undefined : threads.mainOf(i.pid)
    const t = create(i, leader)
    threads.put(t)
    if (isMain || isAlone) t.leader.nChildren = children
    if (leader === undefined) continue
    followers.push(followMain(t, i))
    if (!isAlone) continue
    alone.push(t)
    leader.fdTable = t.fdTable
    leader.fs = t.fs
  }
  for (const arrival of arrivals) relate(threads, arrival)
  for (const follow of followers) follow()
  // a thread may have its own name
  for (const t of alone) threads.describeMain(t, '')
}

/** Gives a thread that shares tables with its main thread those that the main thread gets from another process. */
function followMain(t: Thread, i: ThreadInfo): () => void {
  const sharesFds = t.fdTable === t.leader.fdTable && i.fdsOf === undefined
  const sharesFs = t.fs === t.leader.fs && i.fsOf === undefined
  return () => {
    if (sharesFds) t.fdTable = t.leader.fdTable
    if (sharesFs) t.fs = t.leader.fs
  }
}

/** A snapshot's thread, without its relations; leader: the main thread of its process, undefined if it is one itself. */
function threadOf(
  i: ThreadInfo,
  leader: Thread | undefined,
  startBoot: BootNs,
  tableOf: ReturnType<typeof tableMaker>,
): Thread {
  const table = i.fds !== undefined ? tableOf(i.fds) : (leader?.fdTable ?? new FdTable())
  const t = new Thread(i.tid, leader?.pid ?? i.tid, table, leader)
  for (const key of SAME) (t as unknown as Record<string, unknown>)[key] = i[key]
  for (const key of TIMES) {
    const value = i[key]
    if (value !== undefined) t[key] = value
  }
  if (i.argsTruncated) t.argv = TextList.of(i.args, true)
  if (i.envTruncated) t.environ = TextList.of(i.env, true)
  loadDirectories(t, i, leader)
  t.announced = (i.announced ?? 0) & ALL_ANNOUNCED
  t.startTime = i.startBoot > 0 ? batchOfBoot({ startBoot }, i.startBoot) : undefined
  t.placeholder = i.comm === '' && i.exe === ''
  return t
}

/** The snapshot's thread in the object that represented it before; in its own if that was another thread of the same id. */
function withObjectOf(former: Thread | undefined, t: Thread): Thread {
  if (former?.startTime === undefined || former.pid !== t.pid || !isSameStart(former.startTime, t.startTime)) return t
  const { slices } = former
  const isMain = t.leader === t
  Object.assign(former, t, { slices })
  if (isMain) former.leader = former
  return former
}

/** Threads of a process share their directories, except a thread that has its own. */
function loadDirectories(t: Thread, i: ThreadInfo, leader: Thread | undefined): void {
  const cwd = i.cwd.length > 1 && i.cwd.endsWith('/') ? i.cwd.slice(0, -1) : i.cwd
  if (leader === undefined || leader.cwd !== cwd || leader.root !== i.root) t.fs = new FsInfo(cwd, i.root)
  if (i.fsToldAt !== undefined) t.fs.listedAt = i.fsToldAt
}

/** After all threads were added: connects a thread to what it shares with another process, and to its parent. */
function relate(threads: Threads, { info: i, hasParent }: Arrival): void {
  const t = threads.map.get(i.tid)
  // dropped because there were too many
  if (t === undefined) return
  const owner = i.fdsOf === undefined ? undefined : threads.map.get(i.fdsOf)
  if (owner !== undefined) t.fdTable = owner.fdTable
  const companion = i.fsOf === undefined ? undefined : threads.map.get(i.fsOf)
  if (companion !== undefined) t.fs = companion.fs
  const parent = hasParent ? threads.map.get(i.ptid)?.leader : undefined
  if (parent !== undefined && parent !== t.leader) t.parent = parent
}

/**
 * The tables as plain data. Descriptors are listed once, with the first thread of each table. Pending threads are as they
 * were in the snapshot.
 */
export function saveThreads(threads: Threads, startBoot: BootNs): ThreadInfo[] {
  threads.map.createCommon()
  const owners = mainThreadsBy(threads, (t) => t.fdTable)
  const places = mainThreadsBy(threads, (t) => t.fs)
  for (const t of threads.map.created()) if (!owners.has(t.fdTable)) owners.set(t.fdTable, t.tid)
  const tables = savedTables(owners.keys())
  const out: ThreadInfo[] = []
  for (const t of threads.map.created()) {
    const info = saveThread(t, startBoot)
    const owner = owners.get(t.fdTable)
    if (owner === t.tid) info.fds = tables.get(t.fdTable)
    else if (t.leader === t || t.leader.fdTable !== t.fdTable) info.fdsOf = owner
    const place = places.get(t.fs)
    if (place !== undefined && place !== t.tid && (t.leader === t || t.leader.fs !== t.fs)) info.fsOf = place
    out.push(info as unknown as ThreadInfo)
  }
  out.push(...(threads.map.pending?.infos() ?? []))
  return out
}

/** The threads as plain data by tid, without their descriptors. */
export function saveProcesses(threads: Threads, startBoot: BootNs): Map<number, ThreadInfo> {
  return new Map(Array.from(threads.map.values(), (t) => [t.tid, saveThread(t, startBoot) as unknown as ThreadInfo]))
}

/** The first main thread for each value of a key. */
function mainThreadsBy<T>(threads: Threads, keyOf: (t: Thread) => T): Map<T, number> {
  const first = new Map<T, number>()
  for (const t of threads.map.created()) if (t.leader === t && !first.has(keyOf(t))) first.set(keyOf(t), t.tid)
  return first
}

/** A thread as plain data, without what it may share with others. */
function saveThread(t: Thread, startBoot: BootNs): Record<string, unknown> {
  const info: Record<string, unknown> = { tid: t.tid, pid: t.pid, cwd: t.cwd, root: t.root }
  for (const key of SAME) info[key] = t[key]
  for (const key of TIMES) if (t.ranUser !== undefined && t[key] !== undefined) info[key] = t[key]
  info.startBoot = t.startTime === undefined ? 0 : bootOf({ startBoot }, t.startTime)
  if (Number.isFinite(t.fs.listedAt)) info.fsToldAt = t.fs.listedAt
  if (t.argv.truncated) info.argsTruncated = true
  if (t.environ.truncated) info.envTruncated = true
  if (t.announced > 0 && t.announced < ALL_ANNOUNCED) info.announced = t.announced
  return info
}
