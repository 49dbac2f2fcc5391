// Snapshots that are packed repeatedly.
import { expect, test } from 'vitest'
import type { ListedSnapshot } from '../../../src/model/snapshot.js'
import { unknownThread } from '../../../src/model/unknown-thread.js'
import { openTrace } from '../../../src/run/file-kinds.js'
import { TraceWriter } from '../../../src/trace/index.js'
import { pack, unpack } from '../../../src/trace/pack.js'
import { packSnapshot } from '../../../src/trace/pack-snapshot.js'
import { INFO, NOTHING, scratch } from '../../helpers/trace.js'

const at = scratch()

const ENV = ['PATH=/bin', 'ODD=\udc80\udcff', 'É=ü']

function snapshot(count: number, env: string[] = ENV): ListedSnapshot {
  const threads = Array.from({ length: count }, (_, i) => ({
    ...unknownThread(),
    tid: i + 1,
    args: [`${i}`],
    env: i % 3 === 0 ? [] : env,
    cgroups: ['cpu=/'],
  }))
  return { ...NOTHING, threads }
}

const packed = (s: ListedSnapshot) => Buffer.concat([...packSnapshot(s)])

test('the result is the same whether or not the lists are cached, and whatever they contain', () => {
  const s = snapshot(300)
  const bytes = Buffer.from(pack(s))
  for (let i = 0; i < 3; i++) expect(packed(s).equals(bytes)).toBe(true)
  expect(packed(snapshot(2)).equals(pack(snapshot(2)))).toBe(true)
  const many = snapshot(50, [`LONG=${'x'.repeat(200_000)}`])
  for (let i = 0; i < 2; i++) expect(packed(many).equals(pack(many))).toBe(true)
  expect(unpack(packed(s))).toEqual(unpack(bytes))
})

test('a snapshot that is larger than any of its pieces is read as it was written', async () => {
  const s = snapshot(500, [`LONG=${'x'.repeat(5000)}`])
  const pieces = [...packSnapshot(s)]
  expect(Math.max(...pieces.map((p) => p.length))).toBeLessThan(6000)
  const path = at('large.ksys')
  const stats = { events: 0, lost: 0, late: 0 }
  await (await TraceWriter.open(path, { info: INFO, existing: s })).close(stats)
  const source = await openTrace(path)
  const { threads } = await source.snapshot()
  await source.close()
  expect(Array.from(threads, ({ tid, env }) => [tid, env])).toEqual(s.threads.map(({ tid, env }) => [tid, env]))
})

test('a list that replaced another one is packed again', () => {
  const s = snapshot(3)
  packed(s)
  s.threads[1]!.env = ['PATH=/sbin']
  expect(packed(s).equals(pack(s))).toBe(true)
})
