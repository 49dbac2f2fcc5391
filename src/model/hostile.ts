// Characters that text from elsewhere must not bring to a terminal as they are.

/** Inside of a character class: DEL and C1, separators of lines, what changes the writing direction, the byte order mark. */
export const HOSTILE = String.raw`\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff`

const EACH = new RegExp(`[\\0-\\x1f${HOSTILE}]|\\p{Cs}`, 'gu')

/** The text with each such character, C0 and lone surrogates too, as one visible character: columns stay true. */
export function clean(text: string): string {
  return text.replace(EACH, (c) => {
    const code = c.charCodeAt(0)
    if (code < 32) return String.fromCharCode(0x2400 + code)
    return code === 127 ? '␡' : '�'
  })
}
