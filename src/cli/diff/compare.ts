// The differences between two runs: what only the second one did, then rows of counts, files and latencies, largest differences first.
import type { CallTally, FileTally, Tally } from './tally.js'

/** How often something happened in each run. */
export interface CountRow {
  readonly event: string
  /** name of the error, of rows about errors */
  readonly error?: string
  readonly a: number
  readonly b: number
}

/** A file that only one run accessed, or with different numbers of calls, errors or bytes; undefined if a run did not access it. */
export interface FileRow {
  readonly file: string
  readonly a: FileTally | undefined
  readonly b: FileTally | undefined
}

/** Latencies of a call, in ns. */
interface Times {
  readonly calls: number
  readonly total: number
  readonly p50: number
  readonly p99: number
}

export interface LatencyRow {
  readonly event: string
  readonly a: Times
  readonly b: Times
}

/** Rows by what they count. */
export interface Counted {
  readonly errors: readonly CountRow[]
  readonly calls: readonly CountRow[]
  readonly files: readonly FileRow[]
}

/** Each difference is in one list. */
export interface Differences extends Counted {
  /** what B did and A did not */
  readonly onlyB: Counted
  readonly latencies: readonly LatencyRow[]
}

/** Minimum number of calls to compare latencies. */
const MIN_CALLS = 10
/** minimum difference (ns) of a median or percentile: above the resolution of clock and histogram */
const MIN_DIFFERENCE = 500

/** The differences; share: minimum relative difference of a latency, 0.2 for 20 %. */
export function compare(a: Tally, b: Tally, share: number): Differences {
  const errors = split(
    counts(a.byError, b.byError).map(({ key, ...row }) => {
      const [event = '', error = ''] = key.split(' ')
      return { event, error, ...row }
    }),
  )
  const calls = split(counts(callsOf(a), callsOf(b)).map(({ key, ...row }) => ({ event: key, ...row })))
  const byFile = split(files(a.files, b.files))
  return {
    onlyB: { errors: errors.onlyB, calls: calls.onlyB, files: byFile.onlyB },
    errors: errors.others,
    calls: calls.others,
    files: byFile.others,
    latencies: latencies(a.byName, b.byName, share),
  }
}

/** Separates what A did not do; the order is kept. */
function split<T extends { readonly a: unknown }>(rows: readonly T[]): { readonly onlyB: T[]; readonly others: T[] } {
  const isNew = (row: T) => row.a === 0 || row.a === undefined
  return { onlyB: rows.filter(isNew), others: rows.filter((row) => !isNew(row)) }
}

/** Whether nothing differs. */
export function isSame(d: Differences): boolean {
  return (
    [d.onlyB, d].every(({ calls, errors, files }) => calls.length + errors.length + files.length === 0) &&
    d.latencies.length === 0
  )
}

function callsOf({ byName }: Tally): Map<string, number> {
  return new Map([...byName].map(([name, c]) => [name, c.calls]))
}

function counts(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>) {
  return keysOf(a, b)
    .map((key) => ({ key, a: a.get(key) ?? 0, b: b.get(key) ?? 0 }))
    .filter((row) => row.a !== row.b)
    .sort((x, y) => Math.abs(y.b - y.a) - Math.abs(x.b - x.a) || order(x.key, y.key))
}

/** Files of one run alone come first, then those with more or fewer bytes, then calls. */
function files(a: ReadonlyMap<string, FileTally>, b: ReadonlyMap<string, FileTally>): FileRow[] {
  return keysOf(a, b)
    .map((file) => ({ file, a: a.get(file), b: b.get(file) }))
    .filter((row) => row.a === undefined || row.b === undefined || differ(row.a, row.b))
    .map((row) => ({ row, alone: row.a === undefined || row.b === undefined, moved: moved(row), calls: calls(row) }))
    .sort(
      (x, y) =>
        Number(y.alone) - Number(x.alone) || y.moved - x.moved || y.calls - x.calls || order(x.row.file, y.row.file),
    )
    .map(({ row }) => row)
}

function differ(a: FileTally, b: FileTally): boolean {
  return a.calls !== b.calls || a.errors !== b.errors || a.read !== b.read || a.written !== b.written
}

const moved = ({ a, b }: FileRow): number =>
  Math.abs((b?.read ?? 0) - (a?.read ?? 0)) + Math.abs((b?.written ?? 0) - (a?.written ?? 0))
const calls = ({ a, b }: FileRow): number => Math.abs((b?.calls ?? 0) - (a?.calls ?? 0))

/** Sorted by the difference of the total time. */
function latencies(a: ReadonlyMap<string, CallTally>, b: ReadonlyMap<string, CallTally>, share: number): LatencyRow[] {
  const rows: LatencyRow[] = []
  for (const [event, tally] of a) {
    const [x, y] = [timesOf(tally), timesOf(b.get(event))]
    if (x === undefined || y === undefined) continue
    if (apart(x.p50, y.p50, share) || apart(x.p99, y.p99, share)) rows.push({ event, a: x, b: y })
  }
  const cost = ({ a, b }: LatencyRow) => Math.abs(b.total - a.total)
  return rows.sort((x, y) => cost(y) - cost(x) || order(x.event, y.event))
}

function timesOf(c: CallTally | undefined): Times | undefined {
  if (c === undefined || c.times.count < MIN_CALLS) return undefined
  const { times, total } = c
  return { calls: times.count, total, p50: times.percentile(0.5) as number, p99: times.percentile(0.99) as number }
}

function apart(a: number, b: number, share: number): boolean {
  const by = Math.abs(b - a)
  return by >= MIN_DIFFERENCE && by >= share * Math.min(a, b)
}

function keysOf(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])]
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
