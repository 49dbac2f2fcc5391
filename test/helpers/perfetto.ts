// A reader of Perfetto's traces, by the numbers of google/perfetto's protos: as strict as its importer, where that is strict.

import { all, inner, type Message, message, number, text } from './protobuf.js'

export interface TrackOf {
  uuid: number
  pid?: number
  /** of a thread */
  tid?: number
  name: string
  cmdline: string[]
  kind: 'process' | 'thread' | 'counter'
}

export interface TraceEvent {
  type: 'begin' | 'end' | 'instant' | 'counter'
  /** ns since the epoch */
  time: bigint
  track: number
  name: string
  category: string
  args: Record<string, string | number>
  flows: number[]
  ends: number[]
  value: number
}

export interface Slice {
  name: string
  category: string
  track: number
  begin: bigint
  /** undefined: it is open at the end of the trace */
  end: bigint | undefined
  args: Record<string, string | number>
  flows: number[]
  ends: number[]
}

export interface SchedSwitch {
  time: bigint
  cpu: number
  prev: number
  prevName: string
  state: number
  next: number
}

export interface PerfettoTrace {
  tracks: Map<number, TrackOf>
  /** by time, those of the same time in the order of the file */
  events: TraceEvent[]
  slices: Slice[]
  switches: SchedSwitch[]
}

const TYPES = { 1: 'begin', 2: 'end', 3: 'instant', 4: 'counter' } as const

class Interned {
  categories = new Map<bigint, string>()
  names = new Map<bigint, string>()
  keys = new Map<bigint, string>()

  add(data: Message): void {
    for (const [field, to] of [
      [1, this.categories],
      [2, this.names],
      [3, this.keys],
    ] as const)
      for (const entry of inner(data, field)) {
        const iid = number(entry, 1) ?? 0n
        const name = text(entry, 2) ?? ''
        if (iid === 0n) throw new Error('a name has no number')
        if (to.has(iid) && to.get(iid) !== name) throw new Error(`number ${iid} means two names`)
        to.set(iid, name)
      }
  }
}

/** Reads a trace. Throws if its readers would omit or misinterpret anything. */
export function readPerfetto(file: Buffer): PerfettoTrace {
  const trace: PerfettoTrace = { tracks: new Map(), events: [], slices: [], switches: [] }
  const sequences = new Map<bigint, Interned>()
  if (file.length > 0 && file[0] !== 0x0a) throw new Error('the file does not begin with a packet')
  for (const packet of inner(message(file), 1)) readPacket(packet, trace, sequences)
  trace.events = trace.events
    .map((e, i) => ({ e, i }))
    .sort((a, b) => (a.e.time < b.e.time ? -1 : a.e.time > b.e.time ? 1 : a.i - b.i))
    .map(({ e }) => e)
  trace.slices = slicesOf(trace.events)
  trace.switches.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
  return trace
}

function readPacket(packet: Message, trace: PerfettoTrace, sequences: Map<bigint, Interned>): void {
  if (packet.has(6)) return
  const sequence = number(packet, 10)
  if (!sequence) throw new Error('a packet has no sequence')
  const flags = Number(number(packet, 13) ?? 0n)
  if (packet.has(87) !== !sequences.has(sequence) || (packet.has(87) && flags !== 3))
    throw new Error('the first packet of the sequence does not say so')
  if ((flags & 1) !== 0) sequences.set(sequence, new Interned())
  const names = sequences.get(sequence)
  if (names === undefined) throw new Error('a sequence begins in its middle')
  for (const data of inner(packet, 12)) names.add(data)
  const time = number(packet, 8)
  if (time === undefined) throw new Error('a packet has no time')
  const [descriptor] = inner(packet, 60)
  const [event] = inner(packet, 11)
  const [bundle] = inner(packet, 1)
  if (descriptor !== undefined) readTrack(descriptor, trace)
  else if (event !== undefined) trace.events.push(readEvent(event, time, names, trace))
  else if (bundle !== undefined) readBundle(bundle, trace)
  else throw new Error('a packet is empty')
}

function readTrack(m: Message, { tracks }: PerfettoTrace): void {
  const uuid = Number(number(m, 1))
  const [process] = inner(m, 3)
  const [thread] = inner(m, 4)
  const id = (of: Message, field: number) => Number(BigInt.asIntN(32, number(of, field) ?? -1n))
  if (!(uuid > 0)) throw new Error('a track has no number')
  if (process !== undefined)
    tracks.set(uuid, {
      uuid,
      kind: 'process',
      pid: id(process, 1),
      name: text(process, 6) ?? '',
      cmdline: all(process, 2).map(String),
    })
  else if (thread !== undefined)
    tracks.set(uuid, {
      uuid,
      kind: 'thread',
      pid: id(thread, 1),
      tid: id(thread, 2),
      name: text(thread, 5) ?? '',
      cmdline: [],
    })
  else if (m.has(8)) tracks.set(uuid, { uuid, kind: 'counter', name: text(m, 2) ?? '', cmdline: [] })
  else throw new Error('a track is of no kind')
}

function readEvent(m: Message, time: bigint, names: Interned, { tracks }: PerfettoTrace): TraceEvent {
  const type = TYPES[Number(number(m, 9)) as keyof typeof TYPES]
  const track = Number(number(m, 11))
  const at = tracks.get(track)
  if (at === undefined) throw new Error(`an event is on a track that was not described: ${track}`)
  if ((type === 'counter') !== (at.kind === 'counter')) throw new Error('a counter has other events')
  const named = (map: Map<bigint, string>, iid: bigint | undefined) => {
    if (iid === undefined) return ''
    const name = map.get(iid)
    if (name === undefined) throw new Error(`number ${iid} has no name`)
    return name
  }
  const args: TraceEvent['args'] = {}
  for (const a of inner(m, 4)) args[named(names.keys, number(a, 1))] = text(a, 6) ?? Number(number(a, 4))
  return {
    type,
    time,
    track,
    name: named(names.names, number(m, 10)),
    category: named(names.categories, number(m, 3)),
    args,
    flows: all(m, 47).map(Number),
    ends: all(m, 48).map(Number),
    value: Number(number(m, 30) ?? 0n),
  }
}

function readBundle(m: Message, { switches }: PerfettoTrace): void {
  const cpu = Number(number(m, 1))
  for (const event of inner(m, 2)) {
    const [s] = inner(event, 4)
    if (s === undefined) throw new Error('an event of ftrace is none that is known')
    const prev = Number(number(s, 2))
    if (Number(number(event, 2)) !== prev) throw new Error('another thread runs than the one that is switched away')
    switches.push({
      time: number(event, 1) ?? 0n,
      cpu,
      prev,
      prevName: text(s, 1) ?? '',
      state: Number(number(s, 4)),
      next: Number(number(s, 6)),
    })
  }
}

/** Throws if slices of a track do not nest. */
function slicesOf(events: readonly TraceEvent[]): Slice[] {
  const open = new Map<number, Slice[]>()
  const out: Slice[] = []
  for (const e of events) {
    const stack = open.get(e.track) ?? []
    open.set(e.track, stack)
    if (e.type === 'begin') {
      if (stack.length > 0) throw new Error(`${e.name} begins at ${e.time} within ${stack.at(-1)?.name}`)
      const { name, category, track, args, flows, ends } = e
      const slice = { name, category, track, begin: e.time, end: undefined, args, flows: [...flows], ends: [...ends] }
      stack.push(slice)
      out.push(slice)
    } else if (e.type === 'end') {
      const slice = stack.pop()
      if (slice === undefined) throw new Error(`a slice ends at ${e.time} that did not begin`)
      slice.end = e.time
      slice.flows.push(...e.flows)
      slice.ends.push(...e.ends)
      Object.assign(slice.args, e.args)
    }
  }
  return out
}
