// Common base of formats with typed columns: events gather in a row group, which is written when it is full.
import type { FieldContext } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import { BinaryBuffer } from '../binary-buffer.js'
import type { Export } from '../format.js'
import { RowGroup } from './row-group.js'

export abstract class GroupedExport implements Export {
  readonly out = new BinaryBuffer()
  protected readonly group = new RowGroup()

  start(ctx: FieldContext): void {
    this.release()
    this.group.start(ctx)
  }

  show(e: Event): void {
    if (!this.group.takes(e)) this.release()
    this.group.push(e)
    if (this.group.full) this.release()
  }

  end(): void {
    this.release()
  }

  abstract finish(): void

  get held(): number {
    return this.group.rows
  }

  release(): void {
    if (this.group.rows === 0) return
    this.writeGroup()
    this.group.clear()
  }

  notes(): string[] {
    return []
  }

  /** Writes the gathered rows, at least one. */
  protected abstract writeGroup(): void
}
