// CSV according to RFC 4180: a header, and a line for each event, or for each row of a chisel.
import type { FieldContext } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { type Absence, absenceSentence } from '../../format/template/absences.js'
import type { Event } from '../../model/event.js'
import type { Export, ExportChoice } from '../format.js'
import { ChiselRows } from './chisel-rows.js'
import { CsvBuffer } from './csv-buffer.js'
import { type CsvTemplate, compileCsv } from './template.js'

/** Writes CSV. start() throws FormatError. */
export function csvExport({ line }: ExportChoice): Export {
  return new Csv(line)
}

class Csv implements Export {
  readonly out = new CsvBuffer()
  private template: CsvTemplate | undefined
  private readonly absences: Absence[] = []
  private rows: ChiselRows | undefined

  constructor(private readonly line: string) {}

  /** Only the first of several captures writes the header. */
  start(ctx: FieldContext): void {
    const first = this.template === undefined
    this.template = compileCsv(this.line, registry, ctx)
    this.absences.push(...this.template.absences)
    if (first) this.out.trusted(this.template.header)
  }

  show(e: Event): void {
    this.template?.append(this.out, e)
  }

  value(value: unknown): void {
    this.rows ??= new ChiselRows(this.out)
    this.rows.add(value)
  }

  end(): void {}

  notes(): string[] {
    const sentence = absenceSentence(this.absences, this.line)
    return sentence === undefined ? [] : [sentence]
  }
}
