// Cells that text takes, and text cut to cells. Everything drawn goes through here, so nothing drives the terminal.
import stringWidth from 'string-width'
import { clean as cleanAll } from '../../model/hostile.js'

const PLAIN = /^[\x20-\x7e]*$/
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The text with each hostile character as one visible character. */
export function clean(text: string): string {
  return PLAIN.test(text) ? text : cleanAll(text)
}

/** Cells of clean text. */
export function width(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text)
}

/** Clean text in at most `cells`; what is cut off is told by an ellipsis. */
export function cut(text: string, cells: number): string {
  if (cells <= 0) return ''
  if (width(text) <= cells) return text
  return `${upTo(text, cells - 1)}…`
}

/** The longest beginning of clean text that fits. */
export function upTo(text: string, cells: number): string {
  if (PLAIN.test(text)) return text.slice(0, Math.max(0, cells))
  let used = 0
  let out = ''
  for (const { segment } of segmenter.segment(text)) {
    const w = stringWidth(segment)
    if (used + w > cells) break
    used += w
    out += segment
  }
  return out
}

/** Clean text in exactly `cells`: cut, or filled with blanks on the right or, for numbers, on the left. */
export function fit(text: string, cells: number, right = false): string {
  if (cells <= 0) return ''
  const t = cut(text, cells)
  const blanks = ' '.repeat(Math.max(0, cells - width(t)))
  return right ? blanks + t : t + blanks
}

/** Clean text without its first `cells`; a wide character that is cut in two becomes a blank. */
export function skip(text: string, cells: number): string {
  if (cells <= 0) return text
  if (PLAIN.test(text)) return text.slice(cells)
  let used = 0
  let at = 0
  for (const { segment, index } of segmenter.segment(text)) {
    if (used >= cells) break
    used += stringWidth(segment)
    at = index + segment.length
  }
  return ' '.repeat(Math.max(0, used - cells)) + text.slice(at)
}
