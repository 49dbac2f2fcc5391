// The only error of this module: what is wrong in a filter, where, and how it is shown to the user.
import { GLYPHS } from '../model/glyphs.js'
import { clean } from '../model/sanitize.js'

const WINDOW = 96

/** An error in a filter. `position` and `length` count UTF-16 units of `expression`. */
export class FilterError extends Error {
  override readonly name = 'FilterError'

  constructor(
    message: string,
    readonly position: number,
    readonly length: number,
    readonly expression: string,
    /** the error is an unknown field or event type, which another version of ksys may have */
    readonly unknown = false,
  ) {
    super(message)
  }

  /** Three lines: the message, the expression (cut around the error if it is long), and a caret line under it. */
  format(): string {
    let from = 0
    let to = this.expression.length
    if (to > WINDOW) {
      from = Math.max(0, Math.min(this.position - WINDOW / 2, to - WINDOW))
      to = Math.min(to, from + WINDOW)
    }
    const head = from > 0 ? GLYPHS.cut : ''
    const tail = to < this.expression.length ? GLYPHS.cut : ''
    const line = head + clean(this.expression.slice(from, to)) + tail
    const column = [...clean(this.expression.slice(from, this.position))].length + head.length
    const marked = [...clean(this.expression.slice(this.position, Math.min(to, this.position + this.length)))].length
    const caret = ' '.repeat(column) + '^'.repeat(Math.max(1, marked))
    return `filter: ${clean(this.message)}\n  ${line}\n  ${caret}`
  }
}
