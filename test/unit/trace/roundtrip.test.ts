// A trace is read back as it was captured.
import { statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ROW } from '../../../src/model/batch.js'
import { bootNs } from '../../../src/model/time.js'
import { openTrace } from '../../../src/run/file-kinds.js'
import { EVENTS } from '../../../src/schema/events/index.js'
import { TraceSource, TraceWriter } from '../../../src/trace/index.js'
import fc from '../../helpers/properties.js'
import { makeBatch } from '../../helpers/rows.js'
import { anyBatch, INFO, NOTHING, type PlainRow, plain, readAll, scratch, someRows } from '../../helpers/trace.js'

const at = scratch()
const STATS = { events: 0, lost: 0, late: 0 }
/** Types of which a reader accepts any arguments: those without a declaration. */
const UNDECLARED = EVENTS.flatMap((d, code) => (d === undefined && code > 0 ? [code] : [])).slice(0, 40)

test('any rows are read back unchanged, in order', async () => {
  const path = at('any.ksys')
  await fc.assert(
    fc.asyncProperty(fc.array(anyBatch(UNDECLARED), { maxLength: 4 }), async (batches) => {
      const writer = await TraceWriter.open(path, { info: INFO, existing: NOTHING })
      const expected: PlainRow[] = []
      const overwritten: (() => void)[] = []
      for (const b of batches) {
        expected.push(...plain(b))
        const bytes = new Uint8Array(b.buffer)
        const before = bytes.slice()
        await writer.write(b)
        // the caller may use its batch again; fast-check shrinks the original one
        bytes.fill(0xee)
        overwritten.push(() => bytes.set(before))
      }
      await writer.close(STATS)
      for (const restore of overwritten) restore()
      const source = await TraceSource.open(path)
      expect(await readAll(source)).toEqual(expected)
      expect(source.damage).toEqual([])
      await source.close()
    }),
    { numRuns: 60 },
  )
})

test('a call with the maximum latency keeps its end time', async () => {
  const path = at('long.ksys')
  const writer = await TraceWriter.open(path, { info: INFO, existing: NOTHING })
  const latency = Number.MAX_SAFE_INTEGER
  // from the end of the previous call to the start of this one 900 ns passed
  const batch = makeBatch([
    { type: 'getppid', tid: 1, time: -1000, latency: 0 },
    { type: 'getppid', tid: 1, time: latency - 100, latency },
  ])
  const expected = plain(batch)
  await writer.write(batch)
  await writer.close(STATS)
  const source = await openTrace(path)
  expect(await readAll(source)).toEqual(expected)
  await source.close()
})

test('a capture of several blocks is read through, and its description and losses with it', async () => {
  const path = at('blocks.ksys')
  const writer = await TraceWriter.open(path, { info: INFO, existing: NOTHING })
  const expected: PlainRow[] = []
  for (let k = 0; k < 20; k++) {
    const batch = makeBatch(someRows(10_000, k + 1))
    expected.push(...plain(batch))
    await writer.write(batch)
  }
  await writer.close({ events: 200_000, lost: 12, late: 3 })
  const source = await openTrace(path)
  expect(source.info).toEqual({ ...INFO, kind: 'ksys' })
  expect(await readAll(source)).toEqual(expected)
  expect(source.damage).toEqual([])
  expect(source.stats()).toEqual({ events: 200_000, lost: 12, late: 3 })
  expect(source.progress()).toBe(1)
  await source.close()
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('rows that a filter rejected are omitted, those that the state depends on are hidden', async () => {
  const path = at('keep.ksys')
  const batch = makeBatch(someRows(3000))
  const keep = Uint8Array.from({ length: batch.count }, (_, i) => (i * 7) % 3)
  const expected = plain(batch).flatMap((r, i) =>
    keep[i] === 0 ? [] : [{ ...r, flags: keep[i] === 2 ? r.flags | ROW.HIDDEN : r.flags }],
  )
  const writer = await TraceWriter.open(path, { info: INFO, existing: NOTHING })
  await writer.write(batch, keep)
  await writer.close(STATS)
  const source = await TraceSource.open(path)
  expect(await readAll(source)).toEqual(expected)
  await source.close()
})

test('one trace may have flag values of the kernel and of libs', async () => {
  const path = at('native.ksys')
  const writer = await TraceWriter.open(path, { info: INFO, existing: NOTHING })
  for (const native of [true, false, true]) await writer.write(makeBatch(someRows(10), native))
  await writer.close(STATS)
  const source = await TraceSource.open(path)
  const rows = await readAll(source)
  expect(rows.map((r) => r.native)).toEqual(Array.from({ length: 30 }, (_, i) => i < 10 || i >= 20))
  await source.close()
})

test('processes, users and groups are read back, also names that are not UTF-8', async () => {
  const path = at('snapshot.ksys')
  const thread = {
    tid: 7,
    pid: 7,
    ptid: 1,
    vtid: 7,
    vpid: 7,
    comm: 'bad\udcffname',
    exe: '/bin/😀',
    exepath: '/bin/x',
    args: ['-a', '\udc80'],
    env: ['A=1'],
    cwd: '/',
    root: '/',
    uid: 0,
    gid: 0,
    loginuid: -1,
    tty: 0,
    sid: 1,
    pgid: 1,
    vpgid: 1,
    startBoot: bootNs(5e12),
    capInheritable: 0,
    capPermitted: 2 ** 41 - 1,
    capEffective: 0,
    cgroups: ['cpu=/x'],
    fdLimit: 1024,
    vmSize: 1,
    vmRss: 2,
    vmSwap: 3,
    pgftMaj: 4,
    pgftMin: 5,
    exeIno: 6,
    exeInoCtime: 1_700_000_000_123_456_789n,
    exeInoMtime: 1_700_000_000_000_000_001n,
    pidnsStart: 1_690_556_576_768_000_001n,
    exeWritable: true,
    exeUpperLayer: false,
    fds: [
      { num: 0, type: 'file' as const, name: '/dev/null', dev: 5, ino: 6, flags: 0o100000 },
      { num: 3, type: 'ipv4' as const, name: '', localIp: '1.2.3.4', localPort: 80, server: true },
    ],
  }
  const snapshot = {
    threads: [thread],
    users: [{ uid: 0, gid: 0, name: 'root', home: '/root', shell: '/bin/sh' }],
    groups: [{ gid: 0, name: 'root' }],
  }
  const writer = await TraceWriter.open(path, { info: INFO, existing: snapshot })
  await writer.close(STATS)
  const source = await TraceSource.open(path)
  const read = await source.snapshot()
  expect({ ...read, threads: Array.from(read.threads, (t) => (t.fds ? { ...t, fds: [...t.fds] } : t)) }).toEqual(
    snapshot,
  )
  expect(await source.next()).toBeUndefined()
  await source.close()
})

test('a batch is unchanged until the next one is requested', async () => {
  const path = at('held.ksys')
  const writer = await TraceWriter.open(path, { info: INFO, existing: NOTHING })
  for (let k = 0; k < 4; k++) {
    await writer.write(makeBatch(someRows(500, k + 1)))
    await writer.flush()
  }
  await writer.close(STATS)
  const source = await TraceSource.open(path)
  for (let k = 0; k < 4; k++) {
    const batch = (await source.next())!
    const before = plain(batch)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(plain(batch)).toEqual(before)
  }
  expect(await source.next()).toBeUndefined()
  await source.close()
})
