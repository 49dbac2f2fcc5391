// An answer as it is printed: a table for people, CSV for programs, or lines of a format of output.
import { csvText } from '../../export/csv/csv-buffer.js'
import { escapeText } from '../../format/text/escape.js'
import { width } from '../../format/text/width.js'
import { number } from '../run/report.js'
import { cellText, type Plain } from './values.js'

/** Rows by which the columns of a table are measured. */
const MEASURED = 1000
const LINE_END = '\r\n'
/** Stands for an absent value in tables. */
const ABSENT = 'NULL'

/** Makes text of an answer, some rows after the other. */
export interface Printer {
  /** The next rows. */
  rows(rows: readonly (readonly Plain[])[]): string
  /** All are told. */
  end(): string
}

/** CSV as RFC 4180 has it: a header, and a cell without anything for what is absent. */
export function csvPrinter(names: readonly string[]): Printer {
  const line = (cells: readonly (string | undefined)[]) =>
    cells.map((cell) => (cell === undefined ? '' : csvText(escapeText(cell)))).join(',') + LINE_END
  let head = line(names)
  const begun = (text: string) => {
    const all = head + text
    head = ''
    return all
  }
  return {
    rows: (rows) => begun(rows.map((row) => line(row.map(cellText))).join('')),
    end: () => begun(''),
  }
}

/** An object for each row, in a format of output. */
export function valuePrinter(names: readonly string[], value: (row: unknown) => string): Printer {
  return {
    rows: (rows) => rows.map((row) => value(Object.fromEntries(row.map((v, i) => [names[i] as string, v])))).join(''),
    end: () => '',
  }
}

/** A table of so many columns of the terminal; where its lines would be longer, each row is a list of names and values. */
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

/** What prints rows, as wide as these are. */
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
