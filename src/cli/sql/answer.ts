// Prints query results: a table on a terminal, CSV, or lines of an output format.
import { csvText } from '../../export/csv/csv-buffer.js'
import { width } from '../../format/text/width.js'
import { escapeText } from '../../render/escape.js'
import { number } from '../run/report.js'
import { cellText, type Plain } from './values.js'

/** Number of rows that determine the column widths of a table. */
const MEASURED = 1000
const LINE_END = '\r\n'
/** Represents an absent value in tables. */
const ABSENT = 'NULL'

/** Formats a result, a chunk of rows at a time. */
export interface Printer {
  /** The next rows. */
  rows(rows: readonly (readonly Plain[])[]): string
  /** All rows have been printed. */
  end(): string
}

/** CSV (RFC 4180) with a header; absent values are empty cells. */
export function csvPrinter(names: readonly string[]): Printer {
  const line = (cells: readonly (string | undefined)[]) =>
    cells.map((cell) => (cell === undefined ? '' : csvText(escapeText(cell)))).join(',') + LINE_END
  let head = line(names)
  const withHead = (text: string) => {
    const all = head + text
    head = ''
    return all
  }
  return {
    rows: (rows) => withHead(rows.map((row) => line(row.map(cellText))).join('')),
    end: () => withHead(''),
  }
}

/** An object for each row, in an output format. */
export function valuePrinter(names: readonly string[], value: (row: unknown) => string): Printer {
  return {
    rows: (rows) => rows.map((row) => value(Object.fromEntries(row.map((v, i) => [names[i] as string, v])))).join(''),
    end: () => '',
  }
}

/** A table for a terminal of this width; if it does not fit, each row is printed as a list of names and values. */
export function tablePrinter(names: readonly string[], columns: number): Printer {
  const waiting: (readonly Plain[])[] = []
  let print: ((rows: readonly (readonly Plain[])[]) => string) | undefined
  let count = 0
  const begin = () => {
    print = layout(names.map(escapeText), waiting, columns)
    return print(waiting.splice(0))
  }
  return {
    rows: (rows) => {
      count += rows.length
      if (print !== undefined) return print(rows)
      waiting.push(...rows)
      return waiting.length < MEASURED ? '' : begin()
    },
    end: () => {
      const rest = print === undefined ? begin() : ''
      return `${rest}${count === 1 ? '1 row' : `${number(count)} rows`}\n`
    },
  }
}

/** Returns a function that prints rows, with column widths determined by these rows. */
function layout(names: readonly string[], rows: readonly (readonly Plain[])[], columns: number) {
  const cells = rows.map((row) => row.map(shown))
  const widths = names.map((name, i) =>
    cells.reduce((most, row) => Math.max(most, width(row[i] as string)), width(name)),
  )
  const all = widths.reduce((sum, w) => sum + w + 2, -2)
  if (all > columns && names.length > 1) return lists(names)
  const right = names.map(
    (_, i) => rows.some((row) => isNumber(row[i])) && rows.every((row) => row[i] === null || isNumber(row[i])),
  )
  const line = (row: readonly string[]) =>
    `${row
      .map((cell, i) => {
        const fill = ' '.repeat(Math.max(0, (widths[i] as number) - width(cell)))
        return right[i] ? fill + cell : cell + fill
      })
      .join('  ')
      .trimEnd()}\n`
  let head = `${line(names)}${line(widths.map((w) => '-'.repeat(w)))}`
  return (more: readonly (readonly Plain[])[]) => {
    const text = head + more.map((row) => line(row.map(shown))).join('')
    head = ''
    return text
  }
}

function lists(names: readonly string[]) {
  const longest = Math.max(...names.map(width))
  let row = 0
  return (rows: readonly (readonly Plain[])[]) =>
    rows
      .map((values) => {
        const lines = names.map(
          (name, i) => `${name}${' '.repeat(longest - width(name))}  ${shown(values[i] as Plain)}\n`,
        )
        return `-- row ${number(++row)}\n${lines.join('')}`
      })
      .join('')
}

const shown = (value: Plain): string => escapeText(cellText(value) ?? ABSENT)

function isNumber(value: Plain | undefined): boolean {
  return typeof value === 'number' || typeof value === 'bigint'
}
