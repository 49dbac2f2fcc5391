// Calls that the kernel has counted give the same series as single calls.
import { expect, test } from 'vitest'
import { CountedCalls } from '../../../src/metrics/counted-calls.js'
import { dimensionsOf } from '../../../src/metrics/labels.js'
import { LATENCY_BUCKETS } from '../../../src/metrics/latency-buckets.js'
import { SeriesTable } from '../../../src/metrics/series.js'
import { ROW } from '../../../src/model/batch.js'
import { Container, unnamed } from '../../../src/model/container.js'
import { CODE } from '../../../src/schema/codes.js'
import { eventsByName } from '../../../src/schema/events/index.js'
import { eventOf, type RowSpec } from '../../helpers/rows.js'

const ID = '0123456789ab'
const code = (name: string) => eventsByName(name).at(-1) as number

function counting(passing?: Uint8Array) {
  const dimensions = dimensionsOf(['container', 'program', 'call'])
  const table = new SeriesTable(['container', 'program', 'call'], { limit: 5000, own: 0, each: 18 })
  const web = new Container(ID, '', 'docker')
  const tree = new Map([[7, `/docker/${ID}`]])
  let reads = 0
  const places = {
    tree: () => {
      reads++
      return tree
    },
    containerOf: (path: string) => (path.includes(ID) ? web : undefined),
  }
  const calls = new CountedCalls(table, dimensions, places, passing, 0)
  const take = (row: RowSpec, now = 0) => calls.take(eventOf({ flags: ROW.HIDDEN, ...row }), now)
  return { table, web, tree, take, looked: () => reads }
}

function counted(call: string, given: Readonly<Record<string, number | string>> = {}): RowSpec {
  const latencies = new Uint8Array(64)
  new DataView(latencies.buffer).setUint32(4 * 2, 3, true)
  const numbers = { cgroup: 1, calls: 5, errors: 1, results: 400, time: 9000 }
  return { type: CODE.ks_counted, params: { call: code(call), ...numbers, latencies, comm: 'nginx', ...given } }
}

test('calls, errors, bytes and latencies are added up', () => {
  const { table, take } = counting()
  take(counted('read'))
  take(counted('read'))
  take(counted('mmap'))
  const [read, mmap] = table.all()
  expect(read?.labels).toEqual({ program: 'nginx', call: 'read' })
  expect([read?.calls, read?.errors, read?.bytes, read?.latency]).toEqual([10, 2, { read: 800 }, 18_000])
  expect([...(read?.buckets ?? [])]).toEqual(Array.from({ length: LATENCY_BUCKETS }, (_, i) => (i === 2 ? 6 : 0)))
  // an address is not a number of bytes
  expect(mmap?.bytes).toEqual({})
})

test('cgroups are containers, later ones too, with the names that they get', () => {
  const { table, web, take } = counting()
  take(counted('read', { cgroup: 7 }))
  web.info = { ...unnamed(ID, 'docker'), name: 'web' }
  take(counted('read', { cgroup: 7 }))
  take({ type: CODE.ks_cgroup, params: { id: 9, gone: 0, path: `/pod/${ID}` } })
  take(counted('read', { cgroup: 9 }))
  expect(table.all().map((s) => [s.labels.container, s.calls])).toEqual([
    [ID, 5],
    ['web', 10],
  ])
})

test('a removed cgroup is remembered for its earlier counts', () => {
  const { table, take } = counting()
  take({ type: CODE.ks_cgroup, params: { id: 7, gone: 1, path: `/docker/${ID}` } })
  take(counted('read', { cgroup: 7 }))
  expect(table.all()[0]?.labels.container).toBe(ID)
})

test('unknown cgroups are looked up, but not for each row', () => {
  const { table, tree, take, looked } = counting()
  tree.set(8, `/docker/${ID}`)
  take(counted('read', { cgroup: 8 }), 2000)
  for (let i = 0; i < 10; i++) take(counted('read', { cgroup: 1000 + i }), 2001)
  expect(table.all().map((s) => s.labels.container)).toEqual([ID, undefined])
  expect(looked()).toBe(2)
})

test('calls that do not pass the filter and unknown codes are skipped', () => {
  const passing = new Uint8Array(4096)
  passing[code('read')] = 1
  const { table, take } = counting(passing)
  take(counted('read'))
  take(counted('write'))
  take(counted('read', { call: 65_535 }))
  expect(table.all().map((s) => s.labels.call)).toEqual(['read'])
})
