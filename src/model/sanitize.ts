// Text for terminals and shells: characters from untrusted text that must not reach a terminal unchanged, and quoting for command lines.

/**
 * Content of a character class with the flag u: DEL and C1, line separators, and characters that are invisible or only visible
 * in their effect on neighbours: directions, joiners, fillers, tags, selectors, annotations, the byte order mark.
 */
import { GLYPHS } from './glyphs.js'
export const INVISIBLE = String.raw`\x7f-\x9f\u2028\u2029\ufff9-\ufffb\p{Default_Ignorable_Code_Point}`

const EACH = new RegExp(`[\\0-\\x1f${INVISIBLE}]|\\p{Cs}`, 'gu')

/** Replaces each such character, C0 and lone surrogates too, by one visible character, so that columns stay aligned. */
export function clean(text: string): string {
  return text.replace(EACH, (c) => {
    const code = c.codePointAt(0) as number
    if (code < 32) return GLYPHS.control(code)
    return code === 127 ? GLYPHS.deleted : GLYPHS.unknown
  })
}

/** Escape sequence with a character's number: \x1b, \u202e, \u{e0041}. */
export function byNumber(c: string): string {
  const code = c.codePointAt(0) as number
  const hex = code.toString(16)
  if (code < 256) return `\\x${hex.padStart(2, '0')}`
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`
}

/** One argument of a command line that is shown for copying, as every shell accepts it: quoted if necessary. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
