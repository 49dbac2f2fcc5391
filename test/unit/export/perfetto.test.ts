// Traces for Perfetto, as its importer reads them: nested slices, names by number, arrows, switches, counters.

import { describe, expect, test } from 'vitest'
import { perfettoExport } from '../../../src/export/perfetto/perfetto.js'
import { Protobuf } from '../../../src/export/perfetto/protobuf.js'
import { CODE } from '../../../src/schema/codes.js'
import { readPerfetto } from '../../helpers/perfetto.js'
import fc from '../../helpers/properties.js'
import type { RowSpec } from '../../helpers/rows.js'
import { someRows } from '../../helpers/trace.js'
import { context, info, walk } from '../fields/evaluate.js'
import { shell, thread } from '../state/world.js'

const START = BigInt(info.startSec) * 1_000_000_000n + BigInt(info.startNsec)
const MS = 1e6

function perfetto(rows: readonly RowSpec[], snapshot = shell()) {
  const ctx = context()
  ctx.state.load(snapshot)
  const made = perfettoExport()
  made.start(ctx)
  ctx.state.onInFlight = (call) => made.inFlight?.(call)
  walk(rows, ctx, (e) => {
    if (e.type !== CODE.ks_inflight) made.show(e)
  })
  made.end()
  return readPerfetto(Buffer.from(made.out.view()))
}

const read = (more: Partial<RowSpec> = {}): RowSpec => ({
  type: 'read',
  ret: 5,
  tid: 100,
  time: 2 * MS,
  latency: MS,
  params: { fd: 0, size: 4096, data: 'hello' },
  ...more,
})

test('a call is a slice on the track of its thread, from its start to its end, with its arguments', () => {
  const trace = perfetto([read()])
  const [slice] = trace.slices
  expect(slice).toMatchObject({
    name: 'read',
    category: 'file',
    begin: START + BigInt(MS),
    end: START + BigInt(2 * MS),
    args: { res: 5, fd: '0(<f>/dev/tty)', size: 4096, data: 'hello' },
  })
  const track = trace.tracks.get(slice?.track ?? 0)
  expect(track).toMatchObject({ kind: 'thread', pid: 100, tid: 100, name: 'sh' })
  expect([...trace.tracks.values()]).toContainEqual(
    expect.objectContaining({ kind: 'process', pid: 100, name: 'sh', cmdline: ['/bin/p100'] }),
  )
})

test('a failed call has the name of its error', () => {
  const [slice] = perfetto([read({ ret: -2, params: { fd: 0, size: 1 } })]).slices
  expect(slice?.args.res).toBe('-2(ENOENT)')
})

test('calls without a known start and other events are marks', () => {
  const signal: RowSpec = { type: 'signaldeliver', tid: 100, time: 5, params: { spid: 1, dpid: 100, sig: 9 } }
  const trace = perfetto([{ ...read(), latency: undefined as never }, signal].map((r) => ({ ...r, time: 5 })))
  expect(trace.slices).toEqual([])
  expect(trace.events.filter((e) => e.type === 'instant').map((e) => e.name)).toEqual(['read', 'signaldeliver'])
})

test('calls that would overlap because of late records are cut rather than nested', () => {
  const trace = perfetto([
    read({ time: 10, latency: 5 }),
    read({ time: 12, latency: 11 }),
    read({ time: 4, latency: 3 }),
    read({ time: 12, latency: 0 }),
    read({ time: 20, latency: 8 }),
  ])
  const spans = trace.slices.map((s) => [Number(s.begin - START), Number((s.end ?? 0n) - START)])
  expect(spans).toEqual([
    [5, 10],
    [10, 12],
    [12, 12],
    [12, 12],
    [12, 20],
  ])
})

test('a thread has a new name and its process a new command after exec', () => {
  const exec: RowSpec = {
    type: 'execve',
    tid: 100,
    time: 30,
    latency: 2,
    params: { exe: 'ls', args: ['-l'], comm: 'ls', tid: 100, pid: 100, ptid: 1, filename: '/bin/ls' },
  }
  const trace = perfetto([read({ time: 10, latency: 5 }), exec, read({ time: 40, latency: 5 })])
  expect(new Set(trace.slices.map((s) => s.track)).size).toBe(1)
  expect([...trace.tracks.values()].map((t) => [t.kind, t.name])).toEqual(
    expect.arrayContaining([
      ['process', 'ls'],
      ['thread', 'ls'],
    ]),
  )
  expect([...trace.tracks.values()].find((t) => t.kind === 'process')?.cmdline).toEqual(['ls', '-l'])
})

test('unknown threads have their own tracks', () => {
  const trace = perfetto([read({ tid: 7, pid: 7 }), read({ tid: 8, pid: 8 }), read({ tid: 7, pid: 7, time: 3 * MS })])
  expect(new Set(trace.slices.map((s) => trace.tracks.get(s.track)?.tid))).toEqual(new Set([7, 8]))
})

describe('a call in progress when the capture stops', () => {
  /** x86-64's number of read */
  const nr = 0
  const inFlight = (more: Partial<RowSpec> = {}): RowSpec => ({
    type: CODE.ks_inflight,
    tid: 100,
    time: 20,
    latency: 8,
    params: { nr, arg0: 0, arg2: 4096 },
    ...more,
  })
  const older = inFlight({ latency: undefined as never, params: { nr, arg0: 0, arg2: 4096, slept: 50 } })
  const spans = (rows: readonly RowSpec[]) =>
    perfetto(rows).slices.map((s) => [
      s.name,
      Number(s.begin - START),
      s.end === undefined ? undefined : Number(s.end - START),
    ])

  test('stays open', () => {
    expect(spans([inFlight()])).toEqual([['read', 12, undefined]])
    expect(spans([older])).toEqual([['read', -30, undefined]])
  })

  test('ends with its own end, which is recorded until the capture has stopped', () => {
    const { slices, events } = perfetto([inFlight(), read({ time: 25, latency: 13 })])
    expect(slices).toMatchObject([
      { begin: START + 12n, end: START + 25n, args: { fd: '0(<f>/dev/tty)', size: 4096, data: 'hello', res: 5 } },
    ])
    expect(events.filter((e) => e.type === 'instant')).toEqual([])
    expect(spans([older, read({ time: 25, latency: undefined as never })])).toEqual([['read', -30, 25]])
  })

  test('has ended before the next call of its thread, and when its thread exits', () => {
    const next: RowSpec = { type: 'getppid', ret: 1, tid: 100, time: 30, latency: 3 }
    const exit: RowSpec = { type: 'procexit', tid: 100, time: 40, params: { status: 0 } }
    expect(spans([inFlight(), next])).toEqual([
      ['read', 12, 27],
      ['getppid', 27, 30],
    ])
    expect(spans([older, read({ time: 25, latency: undefined as never }), next])).toEqual([
      ['read', -30, 25],
      ['getppid', 27, 30],
    ])
    expect(spans([inFlight(), read({ time: 29, latency: 2 })])).toEqual([
      ['read', 12, 27],
      ['read', 27, 29],
    ])
    expect(spans([inFlight(), exit])).toEqual([['read', 12, 40]])
    expect(spans([inFlight(), inFlight({ time: 50, latency: 6 })])).toEqual([
      ['read', 12, 44],
      ['read', 44, undefined],
    ])
  })

  test('stays open next to a late record of an earlier call', () => {
    const { slices, events } = perfetto([inFlight(), { type: 'getppid', ret: 1, tid: 100, time: 11, latency: 2 }])
    expect(slices).toMatchObject([{ name: 'read', end: undefined }])
    expect(events.filter((e) => e.type === 'instant')).toMatchObject([{ name: 'getppid', time: START + 11n }])
  })
})

describe('an arrow', () => {
  const socket = { type: 'ipv4', sockType: 1, proto: 6, connected: true } as const
  const [c, s] = [
    { localIp: '127.0.0.1', localPort: 4000, remoteIp: '127.0.0.1', remotePort: 80 },
    { localIp: '127.0.0.1', localPort: 80, remoteIp: '127.0.0.1', remotePort: 4000 },
  ]
  const both = {
    threads: [
      thread(100, { comm: 'client', fds: [{ ...socket, num: 3, name: '', ...c }] }),
      thread(200, { comm: 'server', fds: [{ ...socket, num: 4, name: '', ...s }] }),
    ],
    users: [],
    groups: [],
  }
  const write = (n: number, time: number): RowSpec => ({
    ...{ type: 'write', tid: 100, ret: n, time, latency: 5 },
    params: { fd: 3, size: n, data: 'x' },
  })
  const reads = (n: number, time: number): RowSpec => ({
    ...{ type: 'read', tid: 200, ret: n, time, latency: 5 },
    params: { fd: 4, size: n, data: 'x' },
  })
  const arrows = (rows: RowSpec[]) => {
    const { slices } = perfetto(rows, both)
    return slices.flatMap((to) =>
      to.ends.map((flow) => {
        const from = slices.find((x) => x.flows.includes(flow))
        return [Number((from?.end ?? 0n) - START), Number((to.end ?? 0n) - START)]
      }),
    )
  }

  test('goes from each write to the read that gets its first byte', () => {
    expect(arrows([write(10, 10), write(20, 20), reads(5, 30), reads(25, 40)])).toEqual([
      [10, 30],
      [20, 40],
    ])
  })

  test('goes to a read that is recorded before the write', () => {
    expect(arrows([reads(10, 10), write(10, 12), reads(3, 20)])).toEqual([[12, 10]])
  })

  test('goes to a read, and from a write, that ends while the capture stops', () => {
    // x86-64's numbers of read and write
    const inFlight = (tid: number, nr: number, fd: number, time: number): RowSpec => ({
      ...{ type: CODE.ks_inflight, tid, time, latency: 3 },
      params: { nr, arg0: fd, arg2: 10 },
    })
    const ending = (row: RowSpec, latency: number): RowSpec => ({ ...row, latency })
    expect(
      arrows([write(10, 10), inFlight(200, 0, 4, 11), ending(reads(10, 12), 4), write(10, 20), reads(10, 30)]),
    ).toEqual([
      [10, 12],
      [20, 30],
    ])
    expect(arrows([inFlight(100, 1, 3, 11), ending(write(10, 12), 4), reads(10, 30)])).toEqual([[12, 30]])
  })

  test('does not go to a read on another connection, a failed call or a peek', () => {
    const peek: RowSpec = {
      ...{ type: 'recvfrom', tid: 200, ret: 10, time: 15, latency: 1 },
      params: { fd: 4, size: 10, data: 'x', flags: 2 },
    }
    expect(arrows([write(10, 10), peek, reads(-11, 16), reads(10, 20)])).toEqual([[10, 20]])
  })

  test('is given up after a while: the slices of such reads end', () => {
    const trace = perfetto(
      [reads(10, 10), ...Array.from({ length: 5 }, (_, i) => read({ time: 100 * MS * (i + 1) }))],
      both,
    )
    expect(trace.slices.filter((x) => x.end === undefined)).toEqual([])
  })
})

describe('switches between threads', () => {
  const change = (tid: number, next: number, time: number, cpu = 0): RowSpec => ({
    ...{ type: CODE.switch, tid, time, cpu },
    params: { next, pgft_maj: 0, pgft_min: 0, vm_size: 0, vm_rss: 0, vm_swap: 0 },
  })

  const away = (tid: number, next: number, time: number, ran: number, cpu = 0): RowSpec => {
    const row = change(tid, next, time, cpu)
    return { ...row, params: { ...row.params, ran } }
  }

  /** Time, and the threads before and after, of each written switch. */
  const inOrder = (rows: RowSpec[]) =>
    [...perfetto(rows).switches]
      .sort((a, b) => Number(a.time - b.time))
      .map((s) => [Number(s.time - START), s.prev, s.next])

  test('a thread that is switched away within a call is asleep, outside of a call it is preempted', () => {
    const { switches } = perfetto([
      change(100, 0, 10),
      change(0, 100, 20),
      read({ time: 25, latency: 20 }),
      change(100, 0, 30),
      change(0, 100, 40),
      read({ time: 50, latency: 5 }),
    ])
    expect(switches.map((s) => [Number(s.time - START), s.prev, s.state, s.next])).toEqual([
      [10, 100, 1, 0],
      [20, 0, 0, 100],
      [30, 100, 0, 0],
      [40, 0, 0, 100],
    ])
    expect(switches[0]?.prevName).toBe('sh')
  })

  test('if only switches away from a thread were captured, it gets its processor when it started to run', () => {
    const rows = [away(100, 0, 30, 20), away(100, 7, 60, 10), away(100, 0, 90, 5, 1), away(100, 0, 120, 15)]
    expect(inOrder(rows)).toEqual([
      [10, 0, 100],
      [30, 100, 0],
      [50, 0, 100],
      [60, 100, 7],
      [85, 0, 100],
      [90, 100, 0],
      [105, 7, 100],
      [120, 100, 0],
    ])
  })

  test('a thread does not get a processor before the last switch there, if the kernel did not report one in between', () => {
    expect(inOrder([away(100, 74, 30, 20), away(101, 7, 60, 32)])).toEqual([
      [10, 0, 100],
      [30, 100, 74],
      [31, 74, 101],
      [60, 101, 7],
    ])
  })

  test('a captured switch to a thread is not written twice', () => {
    const rows = [change(0, 100, 10), change(100, 0, 30)].map((row) => ({ ...row, params: { ...row.params, ran: 20 } }))
    expect(perfetto(rows as RowSpec[]).switches).toHaveLength(2)
  })

  test('an exited thread is dead, one that does not run again is asleep', () => {
    const exit: RowSpec = { type: 'procexit', tid: 100, time: 5, params: { status: 0, ret: 0, sig: 0, core: 0 } }
    const { switches } = perfetto([exit, change(100, 1, 6), change(1, 0, 9)])
    expect(switches.map((s) => [s.prev, s.state])).toEqual([
      [100, 0x10],
      [1, 1],
    ])
  })

  test('threads that never make a call take a bounded amount of memory', () => {
    const rows = Array.from({ length: 1000 }, (_, i) => change(100, 0, i))
    expect(perfetto(rows).switches.length).toBe(1000)
  })
})

test('counters have a value for each tenth of a second, with the correct total', () => {
  const rows = [
    ...Array.from({ length: 30 }, (_, i) => read({ time: i * 10 * MS, latency: 1, ret: i % 3 === 0 ? -11 : 100 })),
    read({ time: 1000 * MS, latency: 1, ret: 100 }),
  ]
  const trace = perfetto(rows)
  const sumOf = (name: string) => {
    const track = [...trace.tracks.values()].find((t) => t.name === name)?.uuid
    const values = trace.events.filter((e) => e.track === track)
    const end = START + BigInt(1100 * MS)
    return values.reduce((sum, e, i) => sum + (e.value * Number((values[i + 1]?.time ?? end) - e.time)) / 1e9, 0)
  }
  expect(sumOf('calls/s')).toBeCloseTo(31)
  expect(sumOf('failed calls/s')).toBeCloseTo(10)
  expect(sumOf('bytes read/s')).toBeCloseTo(2100)
  expect(sumOf('bytes written/s')).toBe(0)
})

test('losses are counted', () => {
  const drop: RowSpec = {
    ...{ type: 'drop', tid: 100, time: 50 },
    params: { ratio: 0, lost: 7, calls: 5, enters: 0, others: 2, state: 9, skipped: 0 },
  }
  const trace = perfetto([read({ time: 10, latency: 1 }), drop])
  const track = [...trace.tracks.values()].find((t) => t.name === 'lost events')?.uuid
  expect(trace.events.filter((e) => e.track === track).map((e) => e.value)).toEqual([0, 7])
})

test('several captures in a file do not share their tracks', () => {
  const made = perfettoExport()
  for (let i = 0; i < 2; i++) {
    const ctx = context()
    ctx.state.load(shell())
    made.start(ctx)
    walk([read({ time: 10, latency: 1 })], ctx, (e) => made.show(e))
    made.end()
  }
  const { slices } = readPerfetto(Buffer.from(made.out.view()))
  expect(slices.length).toBe(2)
  expect(new Set(slices.map((s) => s.track)).size).toBe(2)
})

test('for any rows, every finished call has one slice or mark, and slices nest', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
      const rows = someRows(300, seed)
      const trace = perfetto(rows)
      expect(trace.slices.length).toBe(300)
      expect(trace.slices.every((s) => s.end !== undefined)).toBe(true)
    }),
    { numRuns: 20 },
  )
})

test('more names than the limit start a new sequence state, and names are not mixed up', () => {
  const names = Array.from({ length: 300 }, (_, i) => read({ time: i + 1, latency: 0, tid: 1000 + i, pid: 1000 + i }))
  expect(perfetto(names).slices.length).toBe(300)
})

describe('protobuf encoding', () => {
  const bytes = (write: (p: Protobuf) => void) => {
    const p = new Protobuf(16)
    write(p)
    return Buffer.from(p.view()).toString('hex')
  }

  test('has numbers of any size', () => {
    expect(bytes((p) => p.uintField(1, 0))).toBe('0800')
    expect(bytes((p) => p.uintField(1, 300))).toBe('08ac02')
    expect(bytes((p) => p.uintField(1, 2 ** 32))).toBe('088080808010')
    expect(bytes((p) => p.intField(1, -1))).toBe('08ffffffffffffffffff01')
    expect(bytes((p) => p.wideField(1, 0x80000000, 1))).toBe('0881808080808080808001')
    expect(bytes((p) => p.wideField(1, 0, 0xffffffff))).toBe('08ffffffff0f')
    expect(bytes((p) => p.fixed64Field(1, 2 ** 33 + 1))).toBe('090100000002000000')
  })

  test('has messages of any length, nested', () => {
    for (const size of [0, 1, 127, 128, 16_380, 16_383, 16_384, 20_000]) {
      const p = new Protobuf(16)
      const outer = p.open(1)
      p.textField(2, 'a'.repeat(size))
      p.uintField(3, 1)
      p.close(outer)
      const file = Buffer.from(p.view())
      const header = size + 5 < 16_384 - 5 ? 3 : 5
      expect(file.subarray(-2).toString('hex')).toBe('1801')
      expect(file.length).toBeGreaterThanOrEqual(size + header)
      expect(file.includes('a'.repeat(size))).toBe(true)
    }
  })
})
