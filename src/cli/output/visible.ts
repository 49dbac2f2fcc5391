// Makes text that messages quote, of users, files and kernels, safe for a terminal.
import { byNumber, INVISIBLE } from '../../model/sanitize.js'

const UNSAFE = new RegExp(`[\\0-\\x08\\x0b-\\x1f${INVISIBLE}]`, 'gu')

/** The text with every control character but line ends and tabs, and all that is not seen, by its number: \xNN, \uNNNN. */
export function visible(text: string): string {
  return text.replace(UNSAFE, byNumber)
}

/** The same, with line ends and tabs by their numbers too: a text that stays on one line. */
export function visibleLine(text: string): string {
  return visible(text).replace(/[\t\n]/g, byNumber)
}
