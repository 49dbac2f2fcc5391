// Cells that text takes, and text cut to cells. Everything drawn goes through here, so nothing drives the terminal.
import { clean as cleanAll } from '../../model/sanitize.js'

export { cut, fit, skip, upTo, width } from '../../format/text/width.js'

const PLAIN = /^[\x20-\x7e]*$/

/** The text with each hostile character as one visible character. */
export function clean(text: string): string {
  return PLAIN.test(text) ? text : cleanAll(text)
}
