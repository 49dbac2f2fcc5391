// Traces for tests: a scratch folder, batches with any contents, and all rows of a source as plain objects.

import { join } from 'node:path'
import { EventBatch, rowEnd } from '../../src/model/batch.js'
import type { Snapshot } from '../../src/model/snapshot.js'
import { bootNs } from '../../src/model/time.js'
import { CODE_LIMIT } from '../../src/schema/codes.js'
import { capabilitiesOf } from '../../src/source/capabilities.js'
import type { IdleRows } from '../../src/source/read-request.js'
import { allRows } from '../../src/source/row-bounds.js'
import type { CaptureInfo, CaptureSource } from '../../src/source/source.js'
import { codec, type Payload } from '../../src/trace/codec.js'
import { folderFor } from './folder.js'
import fc from './properties.js'
import type { RowSpec } from './rows.js'

/** A folder for this test file's traces, removed at its end; returns paths in it. */
export function scratch(): (name: string) => string {
  const dir = folderFor('trace')
  return (name) => join(dir, name)
}

export const INFO: CaptureInfo = {
  kind: 'live',
  has: capabilitiesOf('ksys'),
  hostname: 'box',
  kernel: '6.18.0',
  arch: 'x64',
  cpus: 4,
  startSec: 1_764_000_000,
  startNsec: 123_456_789,
  startBoot: bootNs(987_654_321_000),
  addresses: ['10.0.0.1', 'fe80::1'],
  note: 'evt.type=read',
}

/** What a block of these bytes contains. */
export function payloadOf(bytes: Buffer): Payload {
  const payload = new (codec().Payload)()
  payload.add(bytes)
  return payload
}

export const NOTHING: Snapshot = { threads: [], users: [], groups: [] }

/** A row, with everything that a trace must preserve. */
export interface PlainRow {
  num: number
  time: number
  latency: number
  ret: number
  tid: number
  pid: number
  absent: number
  type: number
  flags: number
  cpu: number
  args: string
  native: boolean
}

/** Rows of a batch as plain objects, arguments as hex. */
export function plain(batch: EventBatch): PlainRow[] {
  return Array.from({ length: batch.count }, (_, i) => ({
    num: batch.num[i]!,
    time: batch.time[i]!,
    latency: batch.latency[i]!,
    ret: batch.ret[i]!,
    tid: batch.tid[i]!,
    pid: batch.pid[i]!,
    absent: batch.absent[i]!,
    type: batch.type[i]!,
    flags: batch.flags[i]!,
    cpu: batch.cpu[i]!,
    args: Buffer.from(batch.arena.subarray(batch.argOff[i], rowEnd(batch, i))).toString('hex'),
    native: batch.native,
  }))
}

/** Everything that a source delivers. */
export async function readAll(source: CaptureSource): Promise<PlainRow[]> {
  const rows: PlainRow[] = []
  for (;;) {
    const batch = await source.next()
    if (batch === undefined) return rows
    rows.push(...plain(batch))
  }
}

/** Rows of many kinds, in realistic and unrealistic forms. */
export function someRows(count: number, seed = 1): RowSpec[] {
  let x = seed
  const random = (n: number) => {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0
    return (x >>> 8) % n
  }
  let time = 0
  return Array.from({ length: count }, (_, i): RowSpec => {
    time += random(20) === 0 ? random(100_000_000) : random(3000)
    const tid = 100 + random(12)
    const common = { num: i + 1, time, latency: random(60_000), tid, pid: tid - (tid % 3), cpu: random(4) }
    switch (random(6)) {
      case 0:
        return { ...common, type: 'openat', ret: 3 + random(20), flags: 32, params: { name: `/etc/file${random(50)}` } }
      case 1:
        return { ...common, type: 'close', ret: 0, flags: 32, params: { fd: 3 + random(20) } }
      case 2:
        return {
          ...common,
          type: 'read',
          ret: random(4096),
          params: { fd: 3, size: 4096, data: 'x'.repeat(random(80)) },
        }
      case 3:
        return {
          ...common,
          type: 'write',
          ret: -32,
          params: { fd: 3, size: 17, data: `GET /${random(1000)} HTTP/1.1` },
        }
      case 4:
        return { ...common, type: 'getppid', ret: random(70_000) }
      default:
        return { ...common, type: 'mmap', ret: 0x7f0000000000 + random(1000) * 4096 }
    }
  })
}

const integer = fc.oneof(
  fc.integer({ min: -5000, max: 70_000 }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -1, 254, 255, 256, 0xfffffe, 0xffffff, 61_438, 61_439, 61_440),
)

/** A batch whose columns have any values; `types` are events without parameters, so that any arguments fit. */
export function anyBatch(types: readonly number[]): fc.Arbitrary<EventBatch> {
  const row = fc.record({
    num: integer,
    time: integer,
    latency: integer,
    ret: integer,
    tid: fc.integer(),
    pid: fc.integer(),
    absent: fc.integer({ min: 0, max: 0xffffffff }),
    type: fc.constantFrom(...types),
    flags: fc.integer({ min: 0, max: 0xffff }),
    cpu: fc.integer({ min: 0, max: 0xffff }),
    args: fc.oneof({ weight: 20, arbitrary: fc.uint8Array({ maxLength: 40 }) }, { weight: 1, arbitrary: longArgs }),
  })
  return fc.record({ rows: fc.array(row, { maxLength: 120 }), native: fc.boolean() }).map(({ rows, native }) => {
    const arenaBytes = rows.reduce((n, r) => n + r.args.length, 0)
    const capacity = rows.length + (rows.length % 2) + 2
    const batch = new EventBatch(new ArrayBuffer(capacity * 54 + 4 + arenaBytes), capacity, arenaBytes)
    let at = 0
    rows.forEach((r, i) => {
      for (const key of ['num', 'time', 'latency', 'ret', 'tid', 'pid', 'absent', 'type', 'flags', 'cpu'] as const)
        batch[key][i] = r[key]
      batch.arena.set(r.args, at)
      at += r.args.length
      batch.argOff[i + 1] = at
    })
    batch.count = rows.length
    batch.native = native
    return batch
  })
}

const longArgs = fc.integer({ min: 0x7ff0, max: 200_000 }).map((n) => new Uint8Array(n).fill(n))

/** No row is idle; a test adds other properties. */
export function noneIdle(): IdleRows {
  return { types: new Uint8Array(CODE_LIMIT), bounds: allRows() }
}
