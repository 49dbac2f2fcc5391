// Comparisons of byte buffers, and byte values written as text or hexadecimal digits.
import { encodeText } from '../model/text.js'

/** Whether `bytes` contains `part` at offset `at`. */
function partAt(bytes: Uint8Array, part: Uint8Array, at: number): boolean {
  if (at < 0 || at + part.length > bytes.length) return false
  for (let i = 0; i < part.length; i++) if (bytes[at + i] !== part[i]) return false
  return true
}

const SURROGATES = 0xd800

export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && partAt(a, b, 0)
}

export function bytesStart(a: Uint8Array, b: Uint8Array): boolean {
  return partAt(a, b, 0)
}

export function bytesEnd(a: Uint8Array, b: Uint8Array): boolean {
  return partAt(a, b, a.length - b.length)
}

export function bytesContain(a: Uint8Array, b: Uint8Array): boolean {
  if (b.length === 0) return true
  const first = b[0] as number
  for (let at = a.indexOf(first); at >= 0; at = a.indexOf(first, at + 1)) if (partAt(a, b, at)) return true
  return false
}

/** Like bytesContain, but ASCII letters match in either case; `b` must be lower case. */
export function bytesContainFolded(a: Uint8Array, b: Uint8Array): boolean {
  for (let at = 0; at + b.length <= a.length; at++) {
    let i = 0
    while (i < b.length && lower(a[at + i] as number) === lower(b[i] as number)) i++
    if (i === b.length) return true
  }
  return false
}

function lower(c: number): number {
  return c >= 65 && c <= 90 ? c + 32 : c
}

/** The bytes of an even number of hexadecimal digits; undefined for any other text. */
export function parseHexBytes(text: string): Uint8Array | undefined {
  return /^(?:[0-9a-fA-F]{2})+$/.test(text) ? new Uint8Array(Buffer.from(text, 'hex')) : undefined
}

/** Orders texts by their bytes: negative if a sorts before b, positive if after, 0 if equal. */
export function textOrder(a: string, b: string): number {
  const n = Math.min(a.length, b.length)
  let i = 0
  while (i < n && a.charCodeAt(i) === b.charCodeAt(i)) i++
  if (i === n) return a.length - b.length
  const x = a.charCodeAt(i)
  const y = b.charCodeAt(i)
  // surrogates represent characters above U+FFFF, or bytes that are not valid UTF-8
  return x < SURROGATES && y < SURROGATES ? x - y : Buffer.compare(encodeText(a), encodeText(b))
}
