// The UI's worker while it reads a long file: it sends partial results, handles another query at once, and stops.
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { File } from '../../src/tui/worker/file.js'
import type { Meter, Report, Rows, ViewQuery } from '../../src/tui/worker/messages.js'
import { Session } from '../../src/tui/worker/session.js'
import { loadViews } from '../../src/views/index.js'
import { ksys, privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const CALLS = 600_000
const dir = scratchDir('reading')
const trace = join(dir, 'long.ksys')
const views = await loadViews()

function question(number: number, view: string): ViewQuery {
  const inside = { containers: false }
  return {
    kind: 'query',
    number,
    view,
    filter: '',
    data: 'masked',
    inside,
    sort: undefined,
    pinned: undefined,
    apart: false,
    at: undefined,
  }
}

/** Runs a session over the trace; `then` handles its reports, until it has closed the session. */
async function session(then: (r: Report, s: Session) => void, first = question(1, 'syscalls')): Promise<void> {
  const start = {
    file: trace,
    refresh: 1000,
    runtimes: { enabled: false, cri: [], docker: [] },
    buffer: undefined,
    selfPid: process.pid,
    version: '0',
  }
  const s: Session = new Session(
    start,
    views,
    (r) => then(r, s),
    (own) => new File(own, trace),
  )
  s.take(first)
  await s.run()
}

interface Seen {
  readonly progress: (readonly [number: number, progress: number | undefined])[]
  /** for the header */
  readonly events: number[]
  /** the part of the file that was read when the first query was cancelled; 1: it was not cancelled */
  left: number
  last: Rows | undefined
}

/** Sends a query, cancels it for another one in the middle, and sends it again. */
async function leftAndAskedAgain(): Promise<Seen> {
  const seen: Seen = { progress: [], events: [], left: 1, last: undefined }
  await session((r, s) => {
    if (r.kind === 'meter') seen.events.push(r.events)
    if (r.kind !== 'rows') return
    const { number, progress: part = 1 } = r
    seen.progress.push([number, r.progress])
    if (number === 1 && part >= 0.3) {
      seen.left = part
      s.take(part === 1 ? { kind: 'close' } : question(2, 'procs'))
    } else if (number === 2 && part < 1) s.take(question(3, 'syscalls'))
    else if (number === 3 && r.progress === undefined) {
      seen.last = r
      s.take({ kind: 'close' })
    }
  })
  return seen
}

describe.skipIf(!privileged())('a long file', () => {
  beforeAll(() => {
    const words = ['if=/dev/zero', 'of=/dev/null', 'bs=1', `count=${CALLS / 2}`, 'status=none']
    expect(ksys(['-w', trace, '--', 'dd', ...words]).code).toBe(0)
  })

  test('has partial results, with progress, and then the complete one', async () => {
    const answers: Rows[] = []
    let meter: Meter | undefined
    await session((r, s) => {
      if (r.kind === 'meter') meter = r
      if (r.kind !== 'rows') return
      answers.push(r)
      if (r.progress === undefined) s.take({ kind: 'close' })
    })
    const parts = answers.slice(0, -1)
    expect(parts.length).toBeGreaterThan(0)
    expect(parts[0]?.progress).toBeLessThan(1)
    expect(answers.at(-1)?.rows.length).toBeGreaterThan(0)
    expect(meter?.events).toBeGreaterThanOrEqual(CALLS)
  })

  test('of which a filter needs little has its result before everything is counted for the header', async () => {
    let before: number | undefined
    let after = 0
    await session(
      (r, s) => {
        if (r.kind === 'meter') after = r.events
        if (r.kind === 'rows' && r.progress === undefined) before = after
        if (after >= CALLS && before !== undefined) s.take({ kind: 'close' })
      },
      { ...question(1, 'files'), filter: 'proc.name=nosuch' },
    )
    expect(before).toBeLessThan(CALLS)
    expect(after).toBeGreaterThanOrEqual(CALLS)
  })

  test('is not read to its end if the next query arrives', async () => {
    const numbers: number[] = []
    let events = 0
    await session((r, s) => {
      if (r.kind === 'meter') events = r.events
      if (r.kind !== 'rows') return
      numbers.push(r.number)
      if (r.number === 1 && numbers.length === 1) {
        expect(events).toBeLessThan(CALLS)
        s.take(question(2, 'procs'))
      }
      if (r.number === 2 && r.progress === undefined) s.take({ kind: 'close' })
    })
    expect(numbers.filter((n) => n === 1)).toHaveLength(1)
    expect(numbers.at(-1)).toBe(2)
  })

  test('is read on from the point of cancellation, and earlier results are available at once', async () => {
    let seen = await leftAndAskedAgain()
    // if other programs use the machine, a partial result may arrive only when everything is read
    for (let tries = 0; seen.left === 1 && tries < 20; tries++) seen = await leftAndAskedAgain()
    const { progress, events, left, last } = seen
    const [, first] = progress.find(([n]) => n === 3) ?? []
    expect(left).toBeLessThan(1)
    expect(first).toBeGreaterThanOrEqual(left)
    // nor does the header start again
    expect(events).toEqual([...events].sort((a, b) => a - b))
    const reads = last?.rows.find((row) => row.keys[0] === 'read')
    expect(Number(reads?.cells[0]) * ((last?.span ?? 0) / 1e9)).toBeGreaterThanOrEqual(CALLS / 2)
  })

  test('is not read again for a completed query, and is counted once', async () => {
    const answers: Rows[] = []
    await session((r, s) => {
      if (r.kind !== 'rows') return
      answers.push(r)
      if (r.progress !== undefined) return
      if (r.number === 1) s.take(question(2, 'procs'))
      else if (r.number === 2) s.take({ ...question(3, 'syscalls'), sort: { column: 0, ascending: true } })
      else s.take({ kind: 'close' })
    })
    const again = answers.filter((a) => a.number === 3)
    expect(again).toHaveLength(1)
    const before = answers.filter((a) => a.number === 1).at(-1)
    const ids = (rows: Rows | undefined) => (rows?.rows ?? []).map((row) => row.id)
    expect(ids(again[0]).sort()).toEqual(ids(before).sort())
    const calls = (again[0]?.rows ?? []).map((row) => Number(row.cells[0]))
    expect(calls).toEqual([...calls].sort((x, y) => x - y))
  })

  /** the next request when a partial, or the complete, result has arrived */
  const NEXT: Readonly<Record<string, Parameters<Session['take']>[0]>> = {
    '1 part': { kind: 'cancel' },
    '1 stopped': question(2, 'errors'),
    '2 whole': question(3, 'syscalls'),
    '3 whole': { kind: 'close' },
  }

  test('that the user stopped is read on when the page is opened again', async () => {
    const seen: string[] = []
    await session((r, s) => {
      if (r.kind !== 'rows') return
      const how = r.cancelled ? 'stopped' : r.progress === undefined ? 'whole' : 'part'
      const now = `${r.number} ${how}`
      if (seen.at(-1) !== now) seen.push(now)
      const next = NEXT[now]
      if (next !== undefined) s.take(next)
    })
    expect(seen.slice(0, 2)).toEqual(['1 part', '1 stopped'])
    expect(seen.at(-1)).toBe('3 whole')
    expect(seen).not.toContain('3 stopped')
  })

  test('is read no further once the user has enough', async () => {
    let last: Rows | undefined
    let events = 0
    await session((r, s) => {
      if (r.kind === 'meter') events = r.events
      if (r.kind !== 'rows') return
      last = r
      if (r.progress === undefined) s.take({ kind: 'close' })
      else s.take({ kind: 'cancel' })
    })
    expect(last).toMatchObject({ cancelled: true, progress: undefined })
    expect(events).toBeLessThan(CALLS)
  })
})
