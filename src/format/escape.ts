// Makes text from elsewhere safe to show: nothing in it can move the cursor, change colours or reverse the line.
import { HOSTILE } from '../model/hostile.js'

/** Control characters, line separators, what changes the writing direction, and surrogates (paired ones are let through). */
const UNSAFE = new RegExp(`[\\0-\\x1f${HOSTILE}\\ud800-\\udfff]`)
const SHORT: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r' }

/**
 * The text with every unsafe character shown: \n, \t, \r, \x1b, \u202e, and \xNN for bytes that were not UTF-8. Text
 * that needs nothing is returned as it is.
 */
export function escapeText(s: string): string {
  return UNSAFE.test(s) ? escapeSlowly(s) : s
}

function escapeSlowly(s: string): string {
  let out = ''
  for (const c of s) out += c.length === 1 && UNSAFE.test(c) ? shown(c.charCodeAt(0)) : c
  return out
}

function shown(code: number): string {
  const short = SHORT[code]
  if (short !== undefined) return short
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}

const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** What JSON leaves as it is and a terminal does not. */
const UNSAFE_IN_JSON = new RegExp(`[${HOSTILE}]`, 'g')
/** An escaped surrogate without its other half, behind whole escapes; JSON.stringify writes only such ones. */
const LONE_ESCAPE = /((?<!\\)(?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g

/** JSON of a text, in quotes: always valid UTF-8, and harmless on a terminal. */
export function jsonText(s: string): string {
  return harmlessJson(JSON.stringify(s.replace(LONE, '\ufffd')))
}

/** JSON as JSON.stringify writes it, with what could drive a terminal escaped and broken characters replaced. */
export function harmlessJson(json: string): string {
  return json
    .replace(LONE_ESCAPE, '$1\ufffd')
    .replace(UNSAFE_IN_JSON, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
