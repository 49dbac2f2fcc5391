// The part of a file that the UI reads for a filter gives the same results as the whole file: every view, complete and as the rows shown.
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { File } from '../../src/tui/worker/file.js'
import type { Rows, ViewQuery } from '../../src/tui/worker/messages.js'
import { Session } from '../../src/tui/worker/session.js'
import { loadViews } from '../../src/views/index.js'

const views = await loadViews()
const capture = (name: string) => fileURLToPath(new URL(`../../captures/${name}.ksys`, import.meta.url))
const FILTERS = [
  ['build', 'proc.name=as'],
  ['build', 'proc.pname=sh'],
  ['build', 'proc.aname=make and evt.failed=true'],
  ['build', 'fd.name contains /tmp/demo'],
  ['web', 'proc.name=curl'],
  ['web', 'fd.num > 4 and evt.latency > 20us'],
  ['web', 'evt.reltime > 500ms and proc.name in (sh, curl)'],
] as const

afterEach(() => {
  delete process.env.KSYS_READ
})

/**
 * Whether two values are equal, except for differences of rates: the span of a whole file ends with rows that are not shown.
 */
function isClose(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= 0.002 * Math.abs(b)
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const keys = Object.keys(a)
  const of = (x: object, key: string) => (x as Record<string, unknown>)[key]
  return keys.length === Object.keys(b).length && keys.every((key) => isClose(of(a, key), of(b, key)))
}

/** The complete result of a view; undefined if it has none for such a query. */
async function answer(file: string, view: string, filter: string): Promise<Rows | undefined> {
  const runtimes = { enabled: false, cri: [], docker: [] }
  const start = { file, refresh: 1000, runtimes, buffer: undefined, selfPid: process.pid, version: '0' }
  let last: Rows | undefined
  const s: Session = new Session(
    start,
    views,
    (r) => {
      if (r.kind === 'rows' && r.progress === undefined) last = r
      if (r.kind === 'refused' || last !== undefined) s.take({ kind: 'close' })
    },
    (own) => new File(own, file),
  )
  const query: ViewQuery = {
    ...{ kind: 'query', number: 1, view, filter, apart: true, data: 'text', inside: { containers: true, pods: true } },
    ...{ sort: undefined, pinned: undefined, at: undefined },
  }
  s.take(query)
  await s.run()
  return last
}

test.each(FILTERS)(
  '%s: %s',
  async (name, filter) => {
    let rows = 0
    for (const { id } of views) {
      const some = await answer(capture(name), id, filter)
      process.env.KSYS_READ = 'all'
      const all = await answer(capture(name), id, filter)
      delete process.env.KSYS_READ
      expect([id, some?.total, isClose(some?.rows, all?.rows)]).toEqual([id, all?.total, true])
      rows += some?.rows.length ?? 0
    }
    expect(rows).toBeGreaterThan(0)
  },
  60_000,
)
