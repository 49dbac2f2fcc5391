// The width of text in cells, and text cut to cells. All drawn text passes through here, so that none can control the
// terminal.
import { clean as cleanAll } from '../../model/sanitize.js'

export { cut, fit, skip, upTo, width } from '../../format/text/width.js'

const PLAIN = /^[\x20-\x7e]*$/

/** The text with each control character replaced by a visible one. */
export function clean(text: string): string {
  return PLAIN.test(text) ? text : cleanAll(text)
}
