// Makes untrusted text safe to show: nothing in it can move the cursor, change colours or reverse the line.
import { byNumber, INVISIBLE } from '../model/sanitize.js'

/** Control characters, line separators, invisible characters, and surrogates without their other half. */
const UNSAFE = new RegExp(`[\\0-\\x1f${INVISIBLE}\\ud800-\\udfff]`, 'u')
const EACH_UNSAFE = new RegExp(UNSAFE.source, 'gu')
const SHORT: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/**
 * The text with every unsafe character made visible: \n, \t, \r, \x1b, \u202e, \u{e0041}, and \xNN for bytes that were
 * not UTF-8. Safe text is returned unchanged.
 */
export function escapeText(s: string): string {
  return UNSAFE.test(s) ? s.replace(EACH_UNSAFE, shown) : s
}

function shown(c: string): string {
  const code = c.charCodeAt(0)
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`
  return SHORT[c] ?? byNumber(c)
}

const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Characters that JSON does not escape but that may affect a terminal. */
const UNSAFE_IN_JSON = new RegExp(`[${INVISIBLE}]`, 'gu')
/** An escaped surrogate without its other half, after complete escapes; JSON.stringify only writes such ones. */
const LONE_ESCAPE = /((?<!\\)(?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g

/** A text as a JSON string, in quotes: always valid UTF-8, and harmless on a terminal. */
export function jsonText(s: string): string {
  return harmlessJson(JSON.stringify(s.replace(LONE, '\ufffd')))
}

/** The output of JSON.stringify, with characters that could control a terminal escaped and broken characters replaced. */
export function harmlessJson(json: string): string {
  return json
    .replace(LONE_ESCAPE, '$1\ufffd')
    .replace(UNSAFE_IN_JSON, (c) => Array.from({ length: c.length }, (_, i) => unit(c.charCodeAt(i))).join(''))
}

/** A UTF-16 unit as JSON escapes it. */
function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`
}
