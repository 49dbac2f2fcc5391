// The traces in a folder, or those that match a pattern, as one sequence: which files there are, their order, and how
// to convert the times and numbers of each to those of the first.
import { readSync } from 'node:fs'
import { join } from 'node:path'
import { reason } from '../source/reason.js'
import { checkFolder, isBeingWritten, type Named, namesOf, withFile } from '../source/rotation-files.js'
import type { BlockSummary } from '../source/summary.js'
import { skipToBlock } from './block-sync.js'
import { TraceError } from './error.js'
import { BLOCK_HEADER, blockHeader, FILE_HEADER, fileVersion, KIND } from './format.js'
import { Input } from './input.js'
import { TraceSource } from './reader.js'
import { type Origin, type Tail, tailOf } from './tail.js'

/** files that are inspected in parallel */
const MAX_PARALLEL = 64
/** bytes to read ahead of a block header, when only headers are read */
const READ_AHEAD = 4 << 10

/** One of the files. */
export interface Member {
  readonly path: string
  readonly size: number
  /** the file is still being written */
  readonly growing: boolean
  readonly origin: Origin
  /** contents of its end block; undefined if it has none, or one of an old version */
  readonly tail: Tail | undefined
  /** its first bytes, including the header of its description */
  readonly head: Buffer
  /** batch time (ns) of the first event; undefined if there is none */
  readonly first: number | undefined
  /** added to its batch times (ns) and event numbers */
  shift: Shift
}

type OfCapture = Pick<Member, 'origin'>

export interface Shift {
  readonly time: number
  readonly num: number
}

const NO_SHIFT: Shift = { time: 0, num: 0 }

/** The files in order. Throws TraceError if there are none, or if they are of several hosts. */
export async function membersOf(path: string, named: Named): Promise<Member[]> {
  let names: string[]
  try {
    await checkFolder(named)
    names = namesOf(named)
  } catch (e) {
    throw new TraceError('EOPEN', path, `${path} cannot be read: ${reason(e)}`, e)
  }
  const members: Member[] = []
  for (let i = 0; i < names.length; i += MAX_PARALLEL)
    for (const m of await Promise.all(names.slice(i, i + MAX_PARALLEL).map((name) => memberOf(named, name))))
      if (m !== undefined) members.push(m)
  if (members.length === 0) {
    const what = named.anyKind ? 'there is no ksys trace in it' : 'no ksys trace has such a name'
    throw new TraceError('EOPEN', path, `${path} cannot be read: ${what}`)
  }
  // the host name may be missing in a damaged file
  const hosts = [...new Set(members.map((m) => m.origin.hostname).filter((name) => name !== ''))]
  if (hosts.length > 1)
    throw new TraceError(
      'EOPEN',
      path,
      `${path} has files of several machines (${hosts.join(', ')}): read those of one machine at a time`,
    )
  members.sort(compareMembers)
  await setShifts(members)
  return members
}

async function memberOf(named: Named, name: string): Promise<Member | undefined> {
  const path = join(named.folder, name)
  // before the size is read: a file that is no longer written does not grow
  const growing = isBeingWritten(path)
  const file = await withFile(named.folder, name, async (fd, size) => ({
    size,
    head: headOf(fd),
    tail: await tailOf(fd, size),
  }))
  if (file?.head === undefined) return undefined
  const { tail, head } = file
  const base = { path, growing, size: file.size, head, tail }
  if (tail?.contents !== undefined) return { ...base, origin: tail.origin, first: tail.contents.first, shift: NO_SHIFT }
  const start = await readStart(path, head)
  return start && { ...base, shift: NO_SHIFT, ...start }
}

/** Undefined if the file is not a trace. */
function headOf(fd: number): Buffer | undefined {
  const first = Buffer.alloc(FILE_HEADER + BLOCK_HEADER)
  const head = first.subarray(0, readSync(fd, first, 0, first.length, 0))
  return fileVersion(head) === undefined ? undefined : head
}

/** For a file without a usable end block; undefined if nothing was recorded in it yet, or if it was removed. */
async function readStart(path: string, head: Buffer): Promise<Pick<Member, 'origin' | 'first'> | undefined> {
  try {
    const source = await TraceSource.open(path)
    const { run, info } = source
    const { hostname, startSec, startNsec } = info
    const first = (await source.next())?.time[0]
    await source.close()
    if (hostname === '' && first === undefined) return undefined
    const copied = run === undefined ? undefined : { run, firstSeq: blockHeader(head.subarray(FILE_HEADER))?.seq }
    return { origin: { hostname, startSec, startNsec, nth: undefined, ...copied }, first }
  } catch (e) {
    if (e instanceof TraceError && (e.code === 'EEMPTY' || e.code === 'EOPEN')) return undefined
    throw e
  }
}

/**
 * By start of the capture, then by number in the capture. Files that are still being written and copies of memory have no
 * number and come last: copies of a recorder's memory by their first block, others by their first event, and those with the
 * same first event by length.
 */
function compareMembers(a: Member, b: Member): number {
  const last = Number.MAX_VALUE
  return (
    compareRuns(a, b) ||
    (a.origin.nth ?? last) - (b.origin.nth ?? last) ||
    compareText(a.origin.run, b.origin.run) ||
    (a.origin.firstSeq ?? 0) - (b.origin.firstSeq ?? 0) ||
    (a.first ?? last) - (b.first ?? last) ||
    (recordedHighest(a) ?? last) - (recordedHighest(b) ?? last)
  )
}

function compareText(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function compareRuns(a: OfCapture, b: OfCapture): number {
  return a.origin.startSec - b.origin.startSec || a.origin.startNsec - b.origin.startNsec
}

/** Whether two files belong to one capture. */
export function isSameRun(a: OfCapture, b: OfCapture): boolean {
  return compareRuns(a, b) === 0
}

/** Whether a file continues where another one ended, and both are complete. */
export function continues(before: Member, m: Member): boolean {
  const { nth } = before.origin
  return (
    before.tail?.index !== undefined &&
    m.tail?.index !== undefined &&
    isSameRun(before, m) &&
    nth !== undefined &&
    m.origin.nth === nth + 1 &&
    // the header has the checksum of the description
    before.head.equals(m.head)
  )
}

/**
 * Sets the shifts: times count from the start of the first capture, event numbers continue from one capture to the
 * next.
 */
async function setShifts(members: readonly Member[]): Promise<void> {
  const [base] = members as [Member]
  let before = base
  let num = 0
  let highest = 0
  for (const m of members) {
    if (!isSameRun(before, m)) num = highest
    before = m
    const { startSec, startNsec } = m.origin
    m.shift = { time: (startSec - base.origin.startSec) * 1e9 + startNsec - base.origin.startNsec, num }
    // no file follows the last capture
    if (isSameRun(m, members.at(-1) as Member)) continue
    highest = Math.max(highest, num + (recordedHighest(m) ?? (await highestIn(m.path))))
  }
}

/** The highest event number of a file according to its end block; undefined if it has none. */
function recordedHighest({ tail }: Member): number | undefined {
  const summary = tail?.summary
  return typeof summary === 'object' ? summary.numMax : summary === 'nothing' ? 0 : undefined
}

/** The highest event number according to the headers of its blocks. Unreadable blocks do not count. */
async function highestIn(path: string): Promise<number> {
  let highest = 0
  try {
    const input = await Input.open(path, READ_AHEAD)
    try {
      input.seek(FILE_HEADER)
      for (;;) {
        const header = blockHeader(await input.peek(BLOCK_HEADER))
        if (header?.kind === KIND.EVENTS && Number.isSafeInteger(header.numMax))
          highest = Math.max(highest, header.numMax)
        if (header !== undefined) await input.skip(header.total)
        else if (!(await skipToBlock(input))) return highest
      }
    } finally {
      await input.close()
    }
  } catch (e) {
    // the error is reported when the file is read
    if (e instanceof TraceError) return highest
    throw e
  }
}

/** A summary with times and numbers converted to those of the first file. */
export function shifted(s: BlockSummary, { time, num }: Shift): BlockSummary {
  if (time === 0 && num === 0) return s
  return {
    ...s,
    timeMin: s.timeMin + time,
    timeMax: s.timeMax + time,
    ...(s.numMin !== undefined && { numMin: s.numMin + num }),
    ...(s.numMax !== undefined && { numMax: s.numMax + num }),
  }
}
