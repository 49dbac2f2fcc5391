// Makes text from users, files and kernels safe to print on a terminal.
import { byNumber, INVISIBLE } from '../../model/sanitize.js'

const UNSAFE = new RegExp(`[\\0-\\x08\\x0b-\\x1f${INVISIBLE}]`, 'gu')

/** Replaces control characters, except line ends and tabs, and invisible characters by their numbers: \xNN, \uNNNN. */
export function visible(text: string): string {
  return text.replace(UNSAFE, byNumber)
}

/** Also replaces line ends and tabs, so that the text stays on one line. */
export function visibleLine(text: string): string {
  return visible(text).replace(/[\t\n]/g, byNumber)
}
