// The range of a file that --since and --until select, as filter conditions.
import { parseDuration, parseTime, TimeOfDay } from '../../filter/time.js'
import { CliError, EXIT } from '../errors/exit.js'

/** A value of --since or --until; undefined: it was not given. */
type Point = string | undefined

/** The range as filter conditions. Throws CliError (usage) for values that are no points, and for points in the wrong order. */
export function rangeOf(since: Point, until: Point): { since: string | undefined; until: string | undefined } {
  const range = { since: when(since, '>=', until), until: when(until, '<=', since) }
  checkOrder(since, until)
  return range
}

/** Whether a text is a point in a file. */
export function isPoint(text: string): boolean {
  return /^\d+$/.test(text) || parseDuration(text) !== undefined || parseTime(text) !== undefined
}

/** A point in a file as a filter condition; other: the other end of the range. */
function when(value: Point, operator: '>=' | '<=', other: Point): string | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  if (/^\d+$/.test(text)) return `evt.num ${operator} ${text}`
  if (parseDuration(text) !== undefined) return `evt.reltime ${operator} ${text}`
  const time = parseTime(text)
  if (time instanceof TimeOfDay) return `evt.rawtime ${operator} ${timeOfDay(text, time, operator, other)}`
  if (time !== undefined) return `evt.rawtime ${operator} "${text}"`
  throw new CliError(
    EXIT.usage,
    `'${value}' is not a point in a file: use 14:05:00, "2026-01-31 14:05:00", 90s or an event number`,
  )
}

/** A time of day at one end of a range, which may extend past midnight, as a value of the filter language. */
function timeOfDay(text: string, time: TimeOfDay, operator: '>=' | '<=', other: Point): string {
  const ends = operator === '<='
  const others = other?.trim() ?? ''
  const otherTime = parseTime(others)
  // parseTime() also accepts a plain integer, which here is an event number
  if (ends && typeof otherTime === 'bigint' && !/^\d+$/.test(others)) return String(time.nextFrom(otherTime))
  const otherEnd = otherTime instanceof TimeOfDay ? ` ${ends ? 'from' : 'to'} ${others}` : ''
  return `"${ends ? 'to' : 'from'} ${text}${otherEnd}"`
}

/** Rejects two points in the wrong order. Times of day are not compared: they may belong to two days. */
function checkOrder(since: Point, until: Point): void {
  for (const read of [(text: string) => (/^\d+$/.test(text) ? Number(text) : undefined), parseDuration]) {
    const [start, end] = [since, until].map((text) => (text === undefined ? undefined : read(text.trim())))
    if (start !== undefined && end !== undefined && start > end)
      throw new CliError(EXIT.usage, `--until ${until} is before --since ${since}: the range is empty`)
  }
}
