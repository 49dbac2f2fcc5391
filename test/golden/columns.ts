// Outputs whose format is fields separated by bars, compared field by field.
import { registry } from '../../src/fields/index.js'
import { escapeText } from '../../src/render/escape.js'
import { run } from '../helpers/resident.js'
import { type Difference, type Expectation, expected, lines, PART } from './judge.js'

type Facts = ReadonlyMap<number, Readonly<Record<string, string>>>

/** The field that ksys uses for a field of the format, and the text after its value in sysdig's output. */
interface Column {
  readonly name: string
  /** format for ksys; undefined: not a field of ksys, any value is accepted */
  readonly ask: string | undefined
  readonly suffix: string
}

const LEVELS = /^proc\.(?:aexe|aexepath|aname|acmdline|apid|aenv)$/

/**
 * Sysdig treats a field without its argument as one with argument 0, or as absent, and prints its name after the
 * value. For fd.types[n] it prints nothing at all, not even the bar before it.
 */
function column(field: string): Column | undefined {
  const name = field.replace(/^%/, '')
  if (/^fd\.types\[/.test(name)) return undefined
  if (name === 'evt.type.is.openat') return { name, ask: '<NA>', suffix: name }
  if (LEVELS.test(name)) return { name, ask: `%${name}[0]`, suffix: name }
  if (name === 'proc.env') return { name, ask: field, suffix: name }
  return { name, ask: known(name) ? field : undefined, suffix: '' }
}

function known(name: string): boolean {
  try {
    return registry.find(name).text === name
  } catch {
    return false
  }
}

/** The fields of a format that ksys lacks. */
export function unknownFields(format: string): string[] {
  return columnsOf(format).flatMap((c) => (c.ask === undefined ? [c.name] : []))
}

function columnsOf(format: string): Column[] {
  return format
    .replace(/^\*/, '')
    .split('|')
    .map(column)
    .filter((c) => c !== undefined)
}

/** Compares the output of a format; both sides are matched by the event's number, the first column. */
export async function compareColumns(e: Expectation, format: string, facts: Facts): Promise<Difference[]> {
  const columns = columnsOf(format)
  const ask = `*${columns.map((c) => c.ask ?? '').join(PART)}`
  const args = e.args.map((a) => (a === format ? ask : a))
  const ours = records(await run(['-r', e.capture, '--enter', ...args]), PART)
  const theirs = records(expected(e), '|')
  const out: Difference[] = []
  const differ = (num: number, field: string, a: string | undefined, b: string | undefined) =>
    out.push({ output: e.name, num, field, theirs: a, ours: b, facts: facts.get(num) ?? {} })
  for (const num of theirs.keys()) if (!ours.has(num)) differ(num, 'line', theirs.get(num), undefined)
  for (const [num, line] of ours) {
    const their = theirs.get(num)
    if (their === undefined) {
      differ(num, 'line', undefined, line)
      continue
    }
    const values = line.split(PART).map((v, i) => squeeze(v) + (columns[i]?.suffix ?? ''))
    if (values.join('|') === their) continue
    const parts = align(their.split('|'), values, columns)
    columns.forEach((c, i) => {
      const part = squeeze(parts[i] ?? '')
      if (c.ask !== undefined && part !== values[i]) differ(num, c.name, part, values[i])
    })
  }
  return out
}

/** Lines by number. A value with a line feed continues in the next line; sysdig prints it unchanged, ksys as `\n`. */
function records(text: string, part: string): Map<number, string> {
  const out = new Map<number, string>()
  let last = -1
  for (const line of lines(text)) {
    const head = line.split(part, 1)[0] ?? ''
    if (/^\d+$/.test(head) && Number(head) > last) {
      last = Number(head)
      out.set(last, line)
    } else out.set(last, `${out.get(last) ?? ''}\\n${line}`)
  }
  return out
}

/** As ksys shows it: without trailing spaces, with control characters escaped. */
const squeeze = (s: string): string =>
  escapeText(s)
    .replace(/ +$/, '')
    .replace(/ +(?=proc\.\w+$)/, '')

/** Whether k pieces form the value; most have a different start. */
function is(pieces: readonly string[], j: number, k: number, value: string): boolean {
  return (
    value.startsWith((pieces[j] ?? '').slice(0, 8).trimEnd()) && squeeze(pieces.slice(j, j + k).join('|')) === value
  )
}

/** The pieces of each column if all of them have as many bars as those of ksys. */
function sideBySide(pieces: readonly string[], values: readonly string[]): string[] | undefined {
  let at = 0
  const out = values.map((v) => {
    const from = at
    at += v.split('|').length
    return pieces.slice(from, at).join('|')
  })
  return at === pieces.length ? out : undefined
}

/** Splits sysdig's pieces among the columns, whose values may contain bars too, with as few differences as possible. */
function align(pieces: readonly string[], values: readonly string[], columns: readonly Column[]): string[] {
  const plain = sideBySide(pieces, values)
  if (
    plain !== undefined &&
    plain.filter((v, i) => columns[i]?.ask !== undefined && squeeze(v) !== values[i]).length < 4
  )
    return plain
  const taken = cheapestSplit(pieces, values, columns)
  const out: string[] = []
  for (let i = columns.length, j = pieces.length; i > 0; i--) {
    const k = taken[i * (pieces.length + 1) + j] as number
    out[i - 1] = pieces.slice(j - k, j).join('|')
    j -= k
  }
  return out
}

/** How many pieces the last of the first i columns takes when these have j pieces, at [i * (pieces + 1) + j]. */
function cheapestSplit(pieces: readonly string[], values: readonly string[], columns: readonly Column[]): Int32Array {
  const n = columns.length
  const m = pieces.length
  const wide = m + 1
  const cost = new Float64Array((n + 1) * wide).fill(Number.POSITIVE_INFINITY)
  const taken = new Int32Array((n + 1) * wide)
  cost[0] = 0
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      const sofar = cost[i * wide + j] as number
      if (sofar === Number.POSITIVE_INFINITY) continue
      const value = values[i] ?? ''
      const own = value.split('|').length
      for (const k of new Set([1, own, 2, 3, 4, 5, 6])) {
        if (j + k > m) continue
        const same = columns[i]?.ask === undefined || is(pieces, j, k, value)
        const next = sofar + costOf(same, k, own)
        const at = (i + 1) * wide + j + k
        if (next < (cost[at] as number)) {
          cost[at] = next
          taken[at] = k
        }
      }
    }
  return taken
}

/** Between equally many differences, those with the fewest pieces are likelier. */
function costOf(same: boolean, pieces: number, own: number): number {
  return (same ? 0 : 1) + (pieces === own ? 0 : 0.01 * pieces)
}
