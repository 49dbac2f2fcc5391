// Hand-made rows for tests: events with names and values, laid out as the kernel side lays them out.
import { batchBytes, EventBatch, FIRST_DATA, INEXACT, NO_LATENCY, ROW, STACK_BYTES } from '../../src/model/batch.js'
import { Event } from '../../src/model/event.js'
import { encodeText } from '../../src/model/text.js'
import { EVENTS, eventsByName, LAYOUTS } from '../../src/schema/events/index.js'
import type { EventDef } from '../../src/schema/types.js'

export type ParamValue = number | bigint | string | Uint8Array | readonly string[]

export interface RowSpec {
  /** event name, or a code; a name means the exit event */
  type: string | number
  /** the call's result; 0 by default */
  ret?: number | bigint
  tid?: number
  /** tid by default */
  pid?: number
  /** ns since the capture's start; the row's index by default */
  time?: number
  /** ns; absent by default */
  latency?: number
  cpu?: number
  /** ROW bits; ENTER is added by `enter` */
  flags?: number
  /** use the enter event with this name */
  enter?: boolean
  num?: number
  /** number of the stack of the call */
  stack?: number
  /** by name; others are absent. Text may be given for var parameters, a list becomes NUL-separated. */
  params?: Readonly<Record<string, ParamValue | undefined>>
}

function codeOf(spec: RowSpec): number {
  if (typeof spec.type === 'number') return spec.type
  const codes = eventsByName(spec.type)
  const code = codes[codes.length - 1]
  if (code === undefined) throw new Error(`no event is called ${spec.type}`)
  return spec.enter ? code - 1 : code
}

function varBytes(value: ParamValue): Uint8Array {
  if (typeof value === 'string') return encodeText(value)
  if (value instanceof Uint8Array) return value
  if (typeof value === 'object') return encodeText(value.map((s) => `${s}\0`).join(''))
  throw new Error(`${value} cannot be a variable parameter`)
}

const ARENA = 4 << 20

/** Builds a batch of these rows. native: flag values are the kernel's (the default) rather than libs'. */
export function makeBatch(rows: readonly RowSpec[], native = true): EventBatch {
  const capacity = Math.max(2, rows.length + (rows.length & 1))
  const batch = new EventBatch(new ArrayBuffer(batchBytes(capacity, ARENA)), capacity, ARENA)
  batch.native = native
  let at = 0
  rows.forEach((spec, i) => {
    const code = codeOf(spec)
    const def = EVENTS[code] as EventDef
    const tid = spec.tid ?? 1
    batch.num[i] = spec.num ?? i + 1
    batch.time[i] = spec.time ?? i
    batch.latency[i] = spec.latency ?? NO_LATENCY
    const ret = spec.ret ?? 0
    batch.ret[i] = Number(ret)
    batch.tid[i] = tid
    batch.pid[i] = spec.pid ?? tid
    batch.type[i] = code
    batch.flags[i] = (spec.flags ?? 0) | (spec.enter ? ROW.ENTER : 0) | (spec.stack === undefined ? 0 : ROW.STACK)
    batch.cpu[i] = spec.cpu ?? 0
    batch.argOff[i] = at
    at = writeRow(batch, i, def, spec.params ?? {}, at)
    if (typeof ret === 'bigint' && Math.abs(Number(ret)) >= INEXACT) {
      batch.view.setBigInt64(at, ret, true)
      at += 8
    }
    if (spec.stack !== undefined) {
      batch.view.setUint32(at, spec.stack, true)
      at += STACK_BYTES
    }
    batch.argOff[i + 1] = at
  })
  batch.count = rows.length
  return batch
}

function writeRow(
  batch: EventBatch,
  row: number,
  def: EventDef,
  params: RowSpec['params'] & object,
  start: number,
): number {
  for (const name of Object.keys(params))
    if (!def.params.some((p) => p.name === name)) throw new Error(`${def.name} has no parameter ${name}`)
  let absent = 0
  let at = start
  let rest: Uint8Array = new Uint8Array(0)
  def.params.forEach((p, i) => {
    if (p.wire === 'ret' || p.wire === 'var') return
    const value = params[p.name]
    if (value === undefined) absent |= 1 << i
    at = writeFixed(batch.view, at, p.wire, value ?? 0)
  })
  def.params.forEach((p, i) => {
    if (p.wire !== 'var') return
    const value = params[p.name]
    if (value === undefined) absent |= 1 << i
    const bytes = value === undefined ? new Uint8Array(0) : varBytes(value)
    const first = p.type === 'bytebuf' ? bytes.subarray(0, FIRST_DATA) : bytes
    batch.view.setUint16(at, first.length, true)
    batch.arena.set(first, at + 2)
    at += 2 + first.length
    if (first.length < bytes.length) rest = bytes.subarray(first.length)
  })
  batch.absent[row] = absent
  batch.arena.set(rest, at)
  return at + rest.length
}

function writeFixed(view: DataView, at: number, wire: string, value: ParamValue): number {
  const n = Number(value)
  switch (wire) {
    case 'i8':
    case 'u8':
      view.setUint8(at, n)
      return at + 1
    case 'i16':
    case 'u16':
      view.setUint16(at, n, true)
      return at + 2
    case 'i32':
    case 'u32':
      view.setUint32(at, n, true)
      return at + 4
    default:
      view.setBigUint64(at, BigInt.asUintN(64, BigInt(value as number | bigint)), true)
      return at + 8
  }
}

/** A cursor over the schema's events. */
export function cursor(): Event {
  return new Event(EVENTS, LAYOUTS)
}

/** A cursor on a single hand-made row. */
export function eventOf(spec: RowSpec, native = true): Event {
  const e = cursor()
  e.moveTo(makeBatch([spec], native), 0)
  return e
}
