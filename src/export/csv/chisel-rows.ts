// Values of chisels as rows of CSV: tables have their declared columns, other values the keys of the first value.
import { jsonLine } from '../../format/outputs/json.js'
import { Cells } from './cells.js'
import { type CsvBuffer, csvText } from './csv-buffer.js'
import { LINE_END } from './template.js'

/** The column for keys that the first value does not have, as JSON. */
const OTHERS = 'others'

type Row = Readonly<Record<string, unknown>>

/** A table as src/chisel/table-output.ts builds it. */
interface TableValue {
  readonly ts: unknown
  readonly data: readonly (readonly unknown[])[]
  readonly info: readonly { readonly name: string; readonly desc: string }[]
}

export class ChiselRows {
  private columns: readonly string[] | undefined
  private readonly cells = new Cells()

  constructor(private readonly out: CsvBuffer) {}

  /** Adds a value that a chisel emits. */
  add(value: unknown): void {
    if (isTable(value)) this.table(value)
    else if (typeof value === 'object' && value !== null) {
      const { data, ...rest } = value as Row
      const rows = Array.isArray(data) ? data.map((r) => ({ ...rest, ...(r as Row) })) : [value as Row]
      for (const row of rows) this.row(row)
    }
  }

  private table({ ts, data, info }: TableValue): void {
    const names = info.map(({ name, desc }) => (info.filter((i) => i.name === name).length > 1 ? desc : name))
    this.columns ??= this.writeHeader(['ts', ...names])
    for (const cells of data) this.line([ts, ...cells])
  }

  private row(row: Row): void {
    this.columns ??= this.writeHeader([...Object.keys(row), OTHERS])
    const named = this.columns.slice(0, -1)
    const others = Object.entries(row).filter(([key]) => !named.includes(key))
    const rest = others.length === 0 ? undefined : Object.fromEntries(others)
    this.line([...named.map((key) => row[key]), rest])
  }

  private writeHeader(columns: readonly string[]): readonly string[] {
    this.out.text(columns.map(csvText).join(','))
    this.out.trusted(LINE_END)
    return columns
  }

  private line(cells: readonly unknown[]): void {
    const { out } = this
    for (let i = 0; i < cells.length; i++) {
      if (i > 0) out.trusted(',')
      this.cell(cells[i])
    }
    out.trusted(LINE_END)
  }

  private cell(v: unknown): void {
    const { out } = this
    if (v === undefined || v === null || (typeof v === 'number' && !Number.isFinite(v))) return
    if (typeof v === 'number') out.int(v)
    else if (typeof v === 'bigint' || typeof v === 'boolean') out.trusted(String(v))
    else this.cells.text(out, typeof v === 'string' ? v : jsonLine(v).trimEnd())
  }
}

function isTable(value: unknown): value is TableValue {
  const { data, info } = (value ?? {}) as Partial<TableValue>
  return Array.isArray(data) && Array.isArray(info)
}
