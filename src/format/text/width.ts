// The number of terminal cells of a text, and the part of it that fits into some. Text must be escaped already
// (escape.ts, model/sanitize.ts).

import { createRequire } from 'node:module'
import { GLYPHS } from '../../model/glyphs.js'

/**
 * Characters of one cell: ASCII, those with which ksys itself draws (ellipsis, arrows, branches, bars), and those that stand for control
 * characters, such as the newlines in command lines of shells.
 */
const PLAIN = /^[\x20-\x7e\u2026\u2190-\u2193\u2400-\u2421\u2500-\u259f]*$/

type Width = (text: string) => number

let measure: Width | undefined
let segmenter: Intl.Segmenter | undefined

/** Loaded when a text needs it: loading takes longer than the rest of a start. */
function stringWidth(text: string): number {
  measure ??= (createRequire(import.meta.url)('string-width') as { default: Width }).default
  return measure(text)
}

/** The graphemes of a text. */
function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return segmenter.segment(text)
}

/** Number of cells of a text. */
export function width(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text)
}

/** The longest prefix of a text that fits; characters are never split. */
export function upTo(text: string, cells: number): string {
  if (PLAIN.test(text)) return text.slice(0, Math.max(0, cells))
  let used = 0
  let end = 0
  for (const { segment, index } of graphemes(text)) {
    const w = stringWidth(segment)
    if (used + w > cells) break
    used += w
    end = index + segment.length
  }
  return text.slice(0, end)
}

/** A text in at most `cells`; an ellipsis marks a cut. */
export function cut(text: string, cells: number): string {
  if (cells <= 0) return ''
  if (width(text) <= cells) return text
  return `${upTo(text, cells - 1)}${GLYPHS.cut}`
}

/** A text in exactly `cells`: cut, or padded with blanks on the right or, for numbers, on the left. */
export function fit(text: string, cells: number, right = false): string {
  if (cells <= 0) return ''
  const t = cut(text, cells)
  const blanks = ' '.repeat(Math.max(0, cells - width(t)))
  return right ? blanks + t : t + blanks
}

/** A text without its first `cells`; a wide character that is cut in half becomes a blank. */
export function skip(text: string, cells: number): string {
  if (cells <= 0) return text
  if (PLAIN.test(text)) return text.slice(cells)
  let used = 0
  let at = 0
  for (const { segment, index } of graphemes(text)) {
    if (used >= cells) break
    used += stringWidth(segment)
    at = index + segment.length
  }
  return ' '.repeat(Math.max(0, used - cells)) + text.slice(at)
}
