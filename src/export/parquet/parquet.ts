// A Parquet file: a row for each event, in the columns of schema.ts, for DuckDB, ClickHouse, Trino, Spark and their like.
import type { FieldContext } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import { BinaryBuffer } from '../binary-buffer.js'
import type { Export, ExportChoice } from '../format.js'
import { Footer } from './footer.js'
import { PageWriter } from './page-writer.js'
import { RowGroup } from './row-group.js'
import { MAGIC } from './spec.js'

/** Makes a file of Parquet. */
export function parquetExport({ program }: ExportChoice): Export {
  return new Parquet(program)
}

class Parquet implements Export {
  readonly out = new BinaryBuffer()
  private readonly pages: PageWriter
  private readonly group = new RowGroup()
  private readonly footer = new Footer()

  constructor(private readonly program: string) {
    this.out.trusted(MAGIC)
    this.pages = new PageWriter(this.out)
  }

  begin(ctx: FieldContext): void {
    this.write()
    this.group.begin(ctx)
  }

  show(e: Event): void {
    if (!this.group.takes(e)) this.write()
    this.group.push(e)
    if (this.group.full) this.write()
  }

  end(): void {
    this.write()
  }

  finish(): void {
    const { out } = this
    const footer = this.footer.bytes(this.program, {})
    out.bytes(footer)
    out.u32(footer.length)
    out.trusted(MAGIC)
  }

  get held(): number {
    return this.group.rows
  }

  release(): void {
    this.write()
  }

  notes(): string[] {
    return []
  }

  /** Writes the rows that were gathered. */
  private write(): void {
    const { rows } = this.group
    if (rows > 0) this.footer.add(this.group.write(this.pages), rows)
  }
}
