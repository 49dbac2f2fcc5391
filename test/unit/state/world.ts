// A small world for the state's tests: a shell (pid 100, parent init) and rows played one after the other.

import { TCP_LISTEN } from '../../../src/model/address.js'
import type { Event } from '../../../src/model/event.js'
import type { FdInfo, FdRecords, ListedSnapshot, Snapshot, ThreadInfo } from '../../../src/model/snapshot.js'
import { bootNs } from '../../../src/model/time.js'
import { unknownThread } from '../../../src/model/unknown-thread.js'
import { follow, followedTypes } from '../../../src/run/event-uses.js'
import { EVENTS } from '../../../src/schema/events/index.js'
import { capabilitiesOf } from '../../../src/source/capabilities.js'
import type { CaptureInfo } from '../../../src/source/source.js'
import type { Capacity } from '../../../src/state/capacity.js'
import { fdName } from '../../../src/state/fd-name.js'
import { State } from '../../../src/state/state.js'
import { cursor, makeBatch, type RowSpec } from '../../helpers/rows.js'

export const info: CaptureInfo = {
  kind: 'live',
  has: capabilitiesOf('ksys'),
  hostname: 'h',
  kernel: '6.1',
  arch: 'x64',
  cpus: 2,
  startSec: 1_700_000_000,
  startNsec: 0,
  startBoot: bootNs(1_000_000_000_000),
  addresses: ['127.0.0.1', '10.0.0.5', '::1', 'fd00::5'],
}

export function thread(tid: number, more: Partial<ThreadInfo> = {}): ThreadInfo {
  return {
    ...unknownThread(),
    tid,
    pid: tid,
    ptid: 1,
    vtid: tid,
    vpid: tid,
    comm: `p${tid}`,
    exe: `/bin/p${tid}`,
    exepath: `/usr/bin/p${tid}`,
    cwd: '/home',
    uid: 0,
    gid: 0,
    tty: 5,
    sid: 90,
    pgid: 90,
    vpgid: 90,
    startBoot: bootNs(500_000_000_000),
    cgroups: ['cpu=/'],
    fdLimit: 1024,
    ...more,
  }
}

export const file = (num: number, name: string, more: Partial<FdInfo> = {}): FdInfo => ({
  num,
  type: 'file',
  name,
  ...more,
})

const init = thread(1, { ptid: 0, cwd: '/', comm: 'init', fds: [] })

export function shell(fds: FdInfo[] = [file(0, '/dev/tty')]): ListedSnapshot {
  return { threads: [init, thread(100, { comm: 'sh', fds })], users: [], groups: [] }
}

/** The same descriptors as a live capture has them before something needs them. */
export function recorded(fds: readonly FdInfo[]): FdRecords {
  const listening = fds.flatMap((fd) => (fd.tcpState === TCP_LISTEN ? (fd.localPort ?? []) : []))
  return { listening, [Symbol.iterator]: () => fds.map((fd) => ({ ...fd }))[Symbol.iterator]() }
}

/** What the loop does for events of each type. */
const FOLLOWED = followedTypes(false, EVENTS)

/** A state after a snapshot, and functions to play rows to it. */
export class World {
  readonly state: State
  private readonly e = cursor()
  private native = true
  private clock = 0

  constructor(snapshot: Snapshot = shell(), more: Partial<CaptureInfo> = {}, capacity?: Capacity) {
    this.state = new State({ ...info, ...more }, 0, capacity)
    this.state.load(snapshot)
  }

  /** rows have libs' portable flags from now on, as in a .scap file */
  portable(): this {
    this.native = false
    return this
  }

  /** Plays rows; `see` is called after each one, while its event is shown. Thread 100, one ns after another unless specified. */
  play(rows: readonly RowSpec[], see?: (e: Event, i: number) => void): this {
    const batch = makeBatch(
      rows.map((r) => {
        this.clock = r.time ?? this.clock + 1
        return { tid: 100, pid: r.tid ?? 100, ...r, time: this.clock }
      }),
      this.native,
    )
    for (let i = 0; i < batch.count; i++) {
      this.e.moveTo(batch, i)
      follow(this.state, this.e, FOLLOWED[batch.type[i] as number])
      see?.(this.e, i)
    }
    return this
  }

  /** Plays one row and returns the event's descriptor. */
  shows(row: RowSpec): { num: number; name: string | undefined; type: string | undefined } {
    const seen: ReturnType<World['shows']>[] = []
    this.play([row], (e) => seen.push({ num: e.fdNum, name: e.fd && fdName(e.fd), type: e.fd?.type }))
    return seen[0] as ReturnType<World['shows']>
  }

  /** A thread of the table, in its state after the last event. */
  thread(tid: number) {
    this.settle()
    const t = this.state.threads.get(tid)
    if (t === undefined) throw new Error(`thread ${tid} is not known`)
    return t
  }

  has(tid: number): boolean {
    this.settle()
    return this.state.threads.has(tid)
  }

  /** names of a thread's descriptors by number, after the last event */
  fds(tid = 100): Record<number, string> {
    const out: Record<number, string> = {}
    for (const fd of this.thread(tid).fdTable.fds.values()) out[fd.num] = fdName(fd)
    return out
  }

  private settle(): void {
    this.state.snapshot()
  }
}

const ip = (text: string) =>
  text.includes(':')
    ? Uint8Array.from(expand(text).flatMap((g) => [g >> 8, g & 255]))
    : Uint8Array.from(text.split('.').map(Number))

function expand(text: string): number[] {
  const [head = '', tail] = text.split('::')
  const groups = (s: string) => (s === '' ? [] : s.split(':').map((g) => Number.parseInt(g, 16)))
  const a = groups(head)
  const b = tail === undefined ? [] : groups(tail)
  return [...a, ...new Array<number>(8 - a.length - b.length).fill(0), ...b]
}

const port = (n: number) => [n & 255, n >> 8]

/** libs' sockaddr encoding of an internet address */
export function inetAddress(address: string, n: number): Uint8Array {
  return Uint8Array.from([address.includes(':') ? 10 : 2, ...ip(address), ...port(n)])
}

/** libs' socktuple encoding of an internet pair */
export function inetTuple(from: string, fromPort: number, to: string, toPort: number): Uint8Array {
  return Uint8Array.from([from.includes(':') ? 10 : 2, ...ip(from), ...port(fromPort), ...ip(to), ...port(toPort)])
}

/** libs' socktuple encoding of a unix pair */
export function unixTuple(source: bigint, dest: bigint, path: string): Uint8Array {
  const b = new Uint8Array(17 + path.length + 1)
  b[0] = 1
  const v = new DataView(b.buffer)
  v.setBigUint64(1, source, true)
  v.setBigUint64(9, dest, true)
  b.set(new TextEncoder().encode(path), 17)
  return b
}
