// How many columns of a terminal a text takes, and how much of it fits into some.
import { createRequire } from 'node:module'

const ASCII = /^[\x20-\x7e]*$/

type Width = (text: string) => number

let measure: Width | undefined

/** Loaded when a text needs it: that takes longer than all else of a start. */
function stringWidth(text: string): number {
  measure ??= (createRequire(import.meta.url)('string-width') as { default: Width }).default
  return measure(text)
}

/** Columns that a text takes. */
export function width(text: string): number {
  return ASCII.test(text) ? text.length : stringWidth(text)
}

/** As much of the text as fits; characters are never halved. */
export function fit(text: string, columns: number): string {
  if (ASCII.test(text)) return text.length > columns ? text.slice(0, columns) : text
  let kept = ''
  let used = 0
  for (const char of text) {
    const w = stringWidth(char)
    if (used + w > columns) break
    kept += char
    used += w
  }
  return kept
}
