// A Parquet file: a row for each event, with the columns of ../columns, for DuckDB, ClickHouse and similar tools.
import { Arguments } from '../columns/arguments.js'
import { GroupedExport } from '../columns/grouped-export.js'
import { NumberColumn } from '../columns/number-column.js'
import type { GatheredColumn } from '../columns/row-group.js'
import type { Export, ExportChoice } from '../format.js'
import { JsonLeaf, MapLeaf } from './argument-leaves.js'
import { Footer } from './footer.js'
import type { Leaf } from './leaf.js'
import { NumberLeaf } from './number-leaf.js'
import { PageWriter } from './page-writer.js'
import { MAGIC } from './spec.js'
import { TupleLeaf } from './tuple-leaf.js'

/** Writes a Parquet file. */
export function parquetExport({ program }: ExportChoice): Export {
  return new Parquet(program)
}

class Parquet extends GroupedExport {
  private readonly pages: PageWriter
  private readonly leaves: readonly Leaf[]
  private readonly footer = new Footer()

  constructor(private readonly program: string) {
    super()
    this.out.trusted(MAGIC)
    this.pages = new PageWriter(this.out)
    this.leaves = this.group.columns.flatMap(leavesOf)
  }

  protected writeGroup(): void {
    const { rows } = this.group
    this.footer.add(this.pages.writeGroup(this.leaves, rows), rows)
  }

  finish(): void {
    const { out } = this
    const footer = this.footer.bytes(this.program, {})
    out.bytes(footer)
    out.u32(footer.length)
    out.trusted(MAGIC)
  }
}

function leavesOf({ declared: { name, type }, values }: GatheredColumn): Leaf[] {
  if (values instanceof NumberColumn) return [new NumberLeaf(values)]
  if (!(values instanceof Arguments)) return [new TupleLeaf(values)]
  if (type !== 'map') return [new JsonLeaf(values, [name])]
  return (['keys', 'values'] as const).map(
    (what) => new MapLeaf(values, [name, 'key_value', what === 'keys' ? 'key' : 'value'], what),
  )
}
