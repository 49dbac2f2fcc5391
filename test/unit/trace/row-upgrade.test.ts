// Events whose declaration has changed since the trace was written are read by the names of their parameters.
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CODE } from '../../../src/schema/codes.js'
import { EVENTS } from '../../../src/schema/events/index.js'
import { rowLayout } from '../../../src/schema/layout.js'
import type { EventDef, ParamDef, Wire } from '../../../src/schema/types.js'
import { codec } from '../../../src/trace/codec.js'
import { BLOCK_HEADER, BLOCK_MAGIC } from '../../../src/trace/format.js'
import { TraceSource, TraceWriter } from '../../../src/trace/index.js'
import { cursor, makeBatch } from '../../helpers/rows.js'
import { INFO, NOTHING, scratch, someRows } from '../../helpers/trace.js'

const at = scratch()
const STATS = { events: 0, lost: 0, late: 0 }
const param = (name: string, wire: Wire): ParamDef => ({
  name,
  type: 'int32',
  fmt: 'dec',
  wire,
  from: { op: 'special' },
})

/** Writes rows of `write` (today's code) as an older ksys declared it, and one ordinary row, and reads them. */
async function reread(name: string, old: EventDef, args: Uint8Array, absent = 0) {
  const path = at(`${name}.ksys`)
  const batch = makeBatch([
    { type: old.code, ret: 17 },
    { type: 'close', ret: 0, params: { fd: 4 } },
  ])
  const tail = batch.arena.slice(batch.argOff[1]!, batch.argOff[2]!)
  batch.arena.set(args, 0)
  batch.arena.set(tail, args.length)
  batch.argOff[1] = args.length
  batch.argOff[2] = args.length + tail.length
  batch.absent[0] = absent
  const defs = [...EVENTS]
  defs[old.code] = old
  const writer = await TraceWriter.open(path, { info: INFO, existing: NOTHING, defs })
  await writer.write(batch)
  await writer.close(STATS)
  const source = await TraceSource.open(path)
  const read = await source.next()
  expect(source.damage).toEqual([])
  return { batch: read!, source }
}

test('parameters that moved, became wider or are new are found or absent', async () => {
  const write = EVENTS[EVENTS.findIndex((d) => d?.name === 'write' && d.code % 2 === 1)]!
  const old: EventDef = {
    ...write,
    params: [param('gone', 'u8'), param('data', 'var'), param('fd', 'i16'), param('res', 'ret')],
  }
  expect(rowLayout(old).fixed).toBe(3)
  const { batch, source } = await reread('moved', old, Uint8Array.from([9, 0xfe, 0xff, 3, 0, 97, 98, 99]))
  const e = cursor()
  e.moveTo(batch, 0)
  expect(e.def.name).toBe('write')
  expect(e.ret).toBe(17)
  expect(e.number(e.paramIndex('fd'))).toBe(-2)
  expect(e.text(e.paramIndex('data'))).toBe('abc')
  expect(e.has(e.paramIndex('size'))).toBe(false)
  e.moveTo(batch, 1)
  expect(e.def.name).toBe('close')
  expect(e.number(e.paramIndex('fd'))).toBe(4)
  await source.close()
})

test('internal events are converted too, though no name finds them', async () => {
  const rename = EVENTS[CODE.ks_rename]!
  const old: EventDef = { ...rename, params: [param('comm', 'var'), param('tid', 'i64')] }
  const { batch, source } = await reread('own', old, Uint8Array.from([7, 0, 0, 0, 0, 0, 0, 0, 2, 0, 111, 107]))
  const e = cursor()
  e.moveTo(batch, 0)
  expect(e.def).toBe(rename)
  expect(e.number(e.paramIndex('tid'))).toBe(7)
  expect(e.text(e.paramIndex('comm'))).toBe('ok')
  await source.close()
})

test('an event that no longer exists is skipped, the others are delivered', async () => {
  const write = EVENTS[EVENTS.findIndex((d) => d?.name === 'write' && d.code % 2 === 1)]!
  const { batch, source } = await reread('vanished', { ...write, name: 'vanished', params: [] }, new Uint8Array(0))
  const e = cursor()
  expect(batch.count).toBe(1)
  e.moveTo(batch, 0)
  expect(e.def.name).toBe('close')
  await source.close()
})

test('an event whose code has changed is found by its name', async () => {
  const write = EVENTS[EVENTS.findIndex((d) => d?.name === 'write' && d.code % 2 === 1)]!
  const free = EVENTS.findIndex((d, code) => code > 1024 && code % 2 === 1 && d?.name === 'getppid')
  const code = free < 0 ? EVENTS.findIndex((d) => d?.name === 'read' && d.code % 2 === 1) : free
  const { batch, source } = await reread('renumbered', { ...write, code }, rowOf())
  const e = cursor()
  e.moveTo(batch, 0)
  expect(e.def.name).toBe('write')
  expect(e.text(e.paramIndex('data'))).toBe('hello')
  await source.close()
})

function rowOf(): Uint8Array {
  const batch = makeBatch([{ type: 'write', ret: 5, params: { fd: 1, size: 5, data: 'hello' } }])
  return batch.arena.slice(0, batch.argOff[1]!)
}

test('a converted batch is unchanged while the next one is converted', async () => {
  const path = at('held.ksys')
  const read = EVENTS[EVENTS.findIndex((d) => d?.name === 'getppid')]!
  const defs = [...EVENTS]
  defs[read.code] = { ...read, params: [...read.params, param('more', 'ret')] }
  const writer = await TraceWriter.open(path, { info: INFO, existing: NOTHING, defs })
  for (let k = 0; k < 3; k++) {
    await writer.write(makeBatch(someRows(100, k + 1)))
    await writer.flush()
  }
  await writer.close(STATS)
  const source = await TraceSource.open(path)
  for (let k = 0; k < 3; k++) {
    const batch = (await source.next())!
    const before = batch.time.slice(0, batch.count)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(batch.time.slice(0, batch.count)).toEqual(before)
  }
  await source.close()
})

test('events and blocks that a newer ksys adds to this version are skipped and counted', async () => {
  const write = EVENTS.find((d) => d?.name === 'write' && d.code % 2 === 1) as EventDef
  const { batch, source } = await reread('newer', { ...write, name: 'write_newer', params: [] }, Uint8Array.from([]))
  expect(batch.count).toBe(1)
  expect(source.unknown).toEqual({ events: 1, blocks: 0 })

  const path = at('block.ksys')
  const writer = await TraceWriter.open(path, { info: INFO, existing: NOTHING })
  await writer.write(makeBatch(someRows(3)))
  await writer.close(STATS)
  const bytes = readFileSync(path)
  // the second block, the processes at the start, becomes one of a kind that there is not yet
  const first = bytes.indexOf(BLOCK_MAGIC)
  const second = bytes.indexOf(BLOCK_MAGIC, first + 1)
  bytes[second + 4] = 77
  bytes.writeUInt32LE(codec().crc32c(bytes.subarray(second, second + BLOCK_HEADER - 4)), second + BLOCK_HEADER - 4)
  writeFileSync(path, bytes)
  const read = await TraceSource.open(path)
  let rows = 0
  for (let b = await read.next(); b !== undefined; b = await read.next()) rows += b.count
  expect({ rows, unknown: read.unknown, damage: read.damage }).toEqual({
    rows: 3,
    unknown: { events: 0, blocks: 1 },
    damage: [],
  })
})
