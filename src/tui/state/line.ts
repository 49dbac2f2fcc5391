// Edits one line of text, with the keys of shells.
import type { Input } from '../input/input.js'
import { keyId } from '../input/input.js'
import type { Line } from '../model/model.js'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Maximum length of a line. */
const LONGEST = 16_384

export function lineOf(text: string): Line {
  return { text, cursor: text.length }
}

/** The line after an input; undefined if the input does not apply to a line. */
export function edit(l: Line, input: Input): Line | undefined {
  if (input.type === 'paste') return insert(l, input.text.replace(/[\r\n\t]+/g, ' ').replace(/[\0-\x1f\x7f]/g, ''))
  if (input.type !== 'key') return undefined
  if (input.name === 'char' && !input.ctrl && !input.alt) return insert(l, input.char)
  const { text, cursor } = l
  switch (keyId(input)) {
    case 'left':
    case 'ctrl+b':
      return { text, cursor: before(text, cursor) }
    case 'right':
    case 'ctrl+f':
      return { text, cursor: after(text, cursor) }
    case 'home':
    case 'ctrl+a':
      return { text, cursor: 0 }
    case 'end':
    case 'ctrl+e':
      return { text, cursor: text.length }
    case 'backspace':
      return remove(l, before(text, cursor), cursor)
    case 'delete':
    case 'ctrl+d':
      return remove(l, cursor, after(text, cursor))
    case 'ctrl+u':
      return remove(l, 0, cursor)
    case 'ctrl+k':
      return remove(l, cursor, text.length)
    case 'ctrl+w':
    case 'alt+backspace':
      return remove(l, wordBefore(text, cursor), cursor)
    case 'alt+b':
    case 'ctrl+left':
    case 'alt+left':
      return { text, cursor: wordBefore(text, cursor) }
    case 'alt+f':
    case 'ctrl+right':
    case 'alt+right':
      return { text, cursor: wordAfter(text, cursor) }
    default:
      return undefined
  }
}

/** Replaces the text between two positions. */
export function replace(l: Line, from: number, to: number, words: string): Line {
  return { text: l.text.slice(0, from) + words + l.text.slice(to), cursor: from + words.length }
}

function insert(l: Line, words: string): Line {
  return l.text.length + words.length > LONGEST ? l : replace(l, l.cursor, l.cursor, words)
}

function remove(l: Line, from: number, to: number): Line {
  return replace(l, from, to, '')
}

function before(text: string, at: number): number {
  let last = 0
  for (const { index } of segmenter.segment(text)) {
    if (index >= at) break
    last = index
  }
  return last
}

function after(text: string, at: number): number {
  for (const { index, segment } of segmenter.segment(text)) if (index >= at) return index + segment.length
  return text.length
}

function wordBefore(text: string, at: number): number {
  return text.slice(0, at).replace(/\S+\s*$/, '').length
}

function wordAfter(text: string, at: number): number {
  return at + (/^\s*\S+/.exec(text.slice(at))?.[0].length ?? 0)
}
