// The result of `ksys diff` as text: first what only B did, which explains most bad runs, then what changed.
import { humanSpan } from '../../fields/clock.js'
import { visible } from '../output/visible.js'
import { number } from '../run/report.js'
import type { CountRow, Differences, FileRow, LatencyRow } from './compare.js'
import type { FileTally } from './tally.js'

/** The totals of a run. */
export interface RunFacts {
  readonly file: string
  /** from the first event to the last; 0 without events */
  readonly seconds: number
  readonly calls: number
  readonly errors: number
  readonly processes: number
}

/** Two runs and their differences. */
interface Comparison {
  readonly a: RunFacts
  readonly b: RunFacts
  readonly differences: Differences
}

/** Alignment of a column. */
type Align = 'left' | 'right'

/** All tables, of `top` rows each, with a line end after the last line. */
export function comparisonText({ a, b, differences: d }: Comparison, top: number): string {
  const parts = [
    [`A  ${a.file}`, `B  ${b.file}`].map(visible).join('\n'),
    table(
      ['', 'A', 'B', 'CHANGE'],
      [
        ['time', span(a.seconds * 1e9), span(b.seconds * 1e9), percent(a.seconds, b.seconds)],
        ['calls', number(a.calls), number(b.calls), change(a.calls, b.calls)],
        ['errors', number(a.errors), number(b.errors), change(a.errors, b.errors)],
        ['processes', number(a.processes), number(b.processes), change(a.processes, b.processes)],
      ],
      ['left', 'right', 'right', 'right'],
    ),
    section(counted('NEW ERRORS IN B', d.onlyB.errors), d.onlyB.errors, top, ['COUNT', 'CALL AND ERROR'], newCells),
    section(counted('NEW FILES IN B', d.onlyB.files), d.onlyB.files, top, FILE_COLUMNS, newFileCells),
    section(counted('NEW CALLS IN B', d.onlyB.calls), d.onlyB.calls, top, ['COUNT', 'CALL'], newCells),
    section(differing('ERRORS', d.errors), d.errors, top, ['A', 'B', 'CHANGE', 'CALL AND ERROR'], countCells),
    section(differing('FILES', d.files), d.files, top, FILE_COLUMNS, fileCells),
    section(differing('CALLS', d.calls), d.calls, top, ['A', 'B', 'CHANGE', 'CALL'], countCells),
    section(differing('LATENCIES', d.latencies), d.latencies, top, LATENCY_COLUMNS, latencyCells),
  ].filter((part) => part !== undefined)
  if (parts.length === 2) parts.push('Nothing differs in calls, errors, files and latencies.')
  return `${parts.join('\n\n')}\n`
}

const FILE_COLUMNS = ['CALLS', 'ERRORS', 'READ', 'WRITTEN', 'FILE']
const LATENCY_COLUMNS = ['P50 A', 'P50 B', '', 'P99 A', 'P99 B', '', 'CALL']

function counted(what: string, rows: readonly unknown[]): string {
  return `${what}: ${number(rows.length)}`
}

function differing(what: string, rows: readonly unknown[]): string {
  return `${counted(what, rows)} ${rows.length === 1 ? 'differs' : 'differ'}`
}

/** A table with a title; undefined without rows. The last column is not truncated. */
function section<T>(
  title: string,
  rows: readonly T[],
  top: number,
  head: readonly string[],
  cells: (row: T) => readonly string[],
): string | undefined {
  if (rows.length === 0) return undefined
  const shown = rows.slice(0, top)
  const aligned = head.map((_, i): Align => (i === head.length - 1 ? 'left' : 'right'))
  const more = rows.length - shown.length
  const lines = [title, table(head, shown.map(cells), aligned)]
  if (more > 0) lines.push(`... and ${number(more)} more (--top 0 shows all)`)
  return lines.join('\n')
}

function table(head: readonly string[], rows: readonly (readonly string[])[], align: readonly Align[]): string {
  const all = [head, ...rows.map((row) => row.map(visible))]
  const widths = head.map((_, i) => Math.max(...all.map((row) => (row[i] as string).length)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (align[i] === 'left' ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number)))
      .join('  ')
      .trimEnd()
  return all.map(line).join('\n')
}

function countCells(row: CountRow): string[] {
  return [number(row.a), number(row.b), change(row.a, row.b), nameOf(row)]
}

function newCells(row: CountRow): string[] {
  return [number(row.b), nameOf(row)]
}

function nameOf({ event, error }: CountRow): string {
  return error === undefined ? event : `${event} ${error}`
}

function newFileCells({ file, b }: FileRow): string[] {
  const { calls = 0, errors = 0, read = 0, written = 0 } = b ?? {}
  return [...[calls, errors, read, written].map(number), file]
}

/** The numbers of both runs as `A -> B`; one number if they are equal. */
function fileCells({ file, a, b }: FileRow): string[] {
  const both = (value: (f: FileTally) => number) => {
    const [x, y] = [a, b].map((f) => (f === undefined ? '-' : number(value(f))))
    return x === y ? (x as string) : `${x} -> ${y}`
  }
  const name = b === undefined ? `${file} (A only)` : file
  return [both((f) => f.calls), both((f) => f.errors), both((f) => f.read), both((f) => f.written), name]
}

function latencyCells({ event, a, b }: LatencyRow): string[] {
  return [
    ...[span(a.p50), span(b.p50), percent(a.p50, b.p50)],
    ...[span(a.p99), span(b.p99), percent(a.p99, b.p99), event],
  ]
}

function span(ns: number): string {
  return humanSpan(ns)
}

function change(a: number, b: number): string {
  if (a === b) return '='
  const by = `${b > a ? '+' : '-'}${number(Math.abs(b - a))}`
  return a === 0 ? by : `${by} (${percent(a, b)})`
}

/** How much b is above or below a. */
function percent(a: number, b: number): string {
  if (a === 0) return b === 0 ? '=' : 'new'
  const by = ((b - a) / a) * 100
  const digits = Math.abs(by) < 10 ? 1 : 0
  return `${by < 0 ? '' : '+'}${by.toFixed(digits)} %`
}
