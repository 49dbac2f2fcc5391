// Characters that text from elsewhere must not bring to a terminal as they are.

/**
 * Inside of a character class with the flag u: DEL and C1, separators of lines, and what is not seen, or only in what it does
 * to its neighbours: directions, joiners, fillers, tags, selectors, annotations, the byte order mark.
 */
export const INVISIBLE = String.raw`\x7f-\x9f\u2028\u2029\ufff9-\ufffb\p{Default_Ignorable_Code_Point}`

const EACH = new RegExp(`[\\0-\\x1f${INVISIBLE}]|\\p{Cs}`, 'gu')

/** The text with each such character, C0 and lone surrogates too, as one visible character: columns stay true. */
export function clean(text: string): string {
  return text.replace(EACH, (c) => {
    const code = c.codePointAt(0) as number
    if (code < 32) return String.fromCharCode(0x2400 + code)
    return code === 127 ? '␡' : '�'
  })
}

/** A character by its number: \x1b, \u202e, \u{e0041}. */
export function byNumber(c: string): string {
  const code = c.codePointAt(0) as number
  const hex = code.toString(16)
  if (code < 256) return `\\x${hex.padStart(2, '0')}`
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`
}
