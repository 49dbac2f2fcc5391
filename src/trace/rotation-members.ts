// The traces of a folder or pattern as one sequence: which files there are, in what order, and how the times and numbers of each
// relate to those of the first.
import { readSync } from 'node:fs'
import { join } from 'node:path'
import { reason } from '../source/reason.js'
import { checkFolder, isWritten, type Named, namesOf, withFile } from '../source/rotation-files.js'
import type { BlockSummary } from '../source/summary.js'
import { skipToBlock } from './block-sync.js'
import { TraceError } from './error.js'
import { BLOCK_HEADER, blockHeader, FILE_HEADER, fileVersion, KIND } from './format.js'
import { Input } from './input.js'
import { TraceSource } from './reader.js'
import { type Origin, type Tail, tailOf } from './tail.js'

/** files that are looked at at a time */
const AT_ONCE = 64
/** bytes read beyond the header of a block, of which only headers are looked at */
const AHEAD = 4 << 10

/** One of the files. */
export interface Member {
  readonly path: string
  readonly size: number
  /** somebody writes it at present */
  readonly written: boolean
  readonly origin: Origin
  /** what its end tells; undefined: it has none, or an old one */
  readonly tail: Tail | undefined
  /** its first bytes, up to the header of its description */
  readonly head: Buffer
  /** batch time (ns) of the first event; undefined: there is none */
  readonly first: number | undefined
  /** what is added to its batch times (ns) and event numbers */
  shift: Shift
}

type OfCapture = Pick<Member, 'origin'>

export interface Shift {
  readonly time: number
  readonly num: number
}

const NO_SHIFT: Shift = { time: 0, num: 0 }

/** The files, in order. Throws TraceError when there is none, or they are of several machines. */
export async function membersOf(path: string, named: Named): Promise<Member[]> {
  let names: string[]
  try {
    await checkFolder(named)
    names = namesOf(named)
  } catch (e) {
    throw new TraceError('EOPEN', path, `${path} cannot be read: ${reason(e)}`, e)
  }
  const members: Member[] = []
  for (let i = 0; i < names.length; i += AT_ONCE)
    for (const m of await Promise.all(names.slice(i, i + AT_ONCE).map((name) => memberOf(named, name))))
      if (m !== undefined) members.push(m)
  if (members.length === 0) {
    const what = named.anyKind ? 'there is no ksys trace in it' : 'no ksys trace has such a name'
    throw new TraceError('EOPEN', path, `${path} cannot be read: ${what}`)
  }
  // a damaged file may not tell
  const hosts = [...new Set(members.map((m) => m.origin.hostname).filter((name) => name !== ''))]
  if (hosts.length > 1)
    throw new TraceError(
      'EOPEN',
      path,
      `${path} has files of several machines (${hosts.join(', ')}): read those of one at a time`,
    )
  members.sort(inOrder)
  await relate(members)
  return members
}

async function memberOf(named: Named, name: string): Promise<Member | undefined> {
  const path = join(named.folder, name)
  // before its size is looked at: what nobody writes any more does not change
  const written = isWritten(path)
  const found = await withFile(named.folder, name, async (fd, size) => ({
    size,
    head: headOf(fd),
    tail: await tailOf(fd, size),
  }))
  if (found?.head === undefined) return undefined
  const { tail, head } = found
  const file = { path, written, size: found.size, head, tail }
  if (tail?.contents !== undefined) return { ...file, origin: tail.origin, first: tail.contents.first, shift: NO_SHIFT }
  const begins = await beginningOf(path, head)
  return begins && { ...file, shift: NO_SHIFT, ...begins }
}

/** Undefined when the file is no trace. */
function headOf(fd: number): Buffer | undefined {
  const first = Buffer.alloc(FILE_HEADER + BLOCK_HEADER)
  const head = first.subarray(0, readSync(fd, first, 0, first.length, 0))
  return fileVersion(head) === undefined ? undefined : head
}

/** Of a file whose end does not tell; undefined: nothing was recorded in it yet, or it is gone. */
async function beginningOf(path: string, head: Buffer): Promise<Pick<Member, 'origin' | 'first'> | undefined> {
  try {
    const source = await TraceSource.open(path)
    const { run, info } = source
    const { hostname, startSec, startNsec } = info
    const first = (await source.next())?.time[0]
    await source.close()
    if (hostname === '' && first === undefined) return undefined
    const copied = run === undefined ? undefined : { run, begins: blockHeader(head.subarray(FILE_HEADER))?.seq }
    return { origin: { hostname, startSec, startNsec, nth: undefined, ...copied }, first }
  } catch (e) {
    if (e instanceof TraceError && (e.code === 'EEMPTY' || e.code === 'EOPEN')) return undefined
    throw e
  }
}

/**
 * By the start of the capture, then as it made them; what is still being written, and what was in memory before, does not tell and comes
 * last: copies of a recorder's memory by where they begin in it, others by their first event, of those that begin with the same one
 * the shortest first.
 */
function inOrder(a: Member, b: Member): number {
  const last = Number.MAX_VALUE
  return (
    byRun(a, b) ||
    (a.origin.nth ?? last) - (b.origin.nth ?? last) ||
    byText(a.origin.run, b.origin.run) ||
    (a.origin.begins ?? 0) - (b.origin.begins ?? 0) ||
    (a.first ?? last) - (b.first ?? last) ||
    (toldHighest(a) ?? last) - (toldHighest(b) ?? last)
  )
}

function byText(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function byRun(a: OfCapture, b: OfCapture): number {
  return a.origin.startSec - b.origin.startSec || a.origin.startNsec - b.origin.startNsec
}

/** Whether two files are of one capture. */
export function isSameRun(a: OfCapture, b: OfCapture): boolean {
  return byRun(a, b) === 0
}

/** Whether a file goes on where another one ended, and both are whole. */
export function goesOn(before: Member, m: Member): boolean {
  const { nth } = before.origin
  return (
    before.tail?.index !== undefined &&
    m.tail?.index !== undefined &&
    isSameRun(before, m) &&
    nth !== undefined &&
    m.origin.nth === nth + 1 &&
    // the checksum of the description is in its header
    before.head.equals(m.head)
  )
}

/** Times count from the start of the first capture, and event numbers go on from one capture to the next. */
async function relate(members: readonly Member[]): Promise<void> {
  const [base] = members as [Member]
  let before = base
  let num = 0
  let highest = 0
  for (const m of members) {
    if (!isSameRun(before, m)) num = highest
    before = m
    const { startSec, startNsec } = m.origin
    m.shift = { time: (startSec - base.origin.startSec) * 1e9 + startNsec - base.origin.startNsec, num }
    // nothing goes on from the last capture
    if (isSameRun(m, members.at(-1) as Member)) continue
    highest = Math.max(highest, num + (toldHighest(m) ?? (await highestIn(m.path))))
  }
}

/** The highest number of a file's events, as its end tells; undefined when it does not. */
function toldHighest({ tail }: Member): number | undefined {
  const summary = tail?.summary
  return typeof summary === 'object' ? summary.numMax : summary === 'nothing' ? 0 : undefined
}

/** The same by the headers of its blocks; what cannot be read any more has none. */
async function highestIn(path: string): Promise<number> {
  let highest = 0
  try {
    const input = await Input.open(path, AHEAD)
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
    // whoever reads it says why it cannot be read
    if (e instanceof TraceError) return highest
    throw e
  }
}

/** A summary in the times and numbers of the first file. */
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
