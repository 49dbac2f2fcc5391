// Parses the right side of an operator into the typed value to compare with.
import type { FieldType } from '../fields/field.js'
import { servicePort } from '../render/services.js'
import { Net, parseAddress, parseNet, printAddress } from './address.js'
import { parseHexBytes } from './bytes.js'
import type { Constant, Kind, Operator } from './operators.js'
import { regexError } from './regex.js'
import { parseDuration, parseTime, TimeOfDay } from './time.js'
import { literalBytes } from './transformers.js'

/** How values of a field type are compared. */
export function kindOf(type: FieldType): Kind {
  switch (type) {
    case 'string':
    case 'fspath':
    case 'dynamic':
      return 'string'
    case 'bytebuf':
      return 'bytes'
    case 'ipaddr':
      return 'ip'
    case 'ipnet':
      return 'net'
    case 'abstime':
      return 'time'
    case 'bool':
      return 'bool'
    default:
      return 'number'
  }
}

/** A value, or a sentence that describes the error. */
export type Parsed = { readonly value: Constant | TimeOfDay } | { readonly wrong: string }

const UNSIGNED: Partial<Record<FieldType, number>> = {
  uint8: 2 ** 8,
  uint16: 2 ** 16,
  uint32: 2 ** 32,
  uint64: 2 ** 64,
}
const SIZES: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 }

/** Decimal, hexadecimal, with exponent, or a size such as 4k; undefined if the text is not a number. */
function parseNumber(text: string): number | bigint | undefined {
  if (/^[+-]?\d+$/.test(text)) return exact(BigInt(text))
  const hex = /^([+-]?)(0[xX][0-9a-fA-F]+)$/.exec(text)
  if (hex !== null && text.length < 24)
    return exact(hex[1] === '-' ? -BigInt(hex[2] as string) : BigInt(hex[2] as string))
  const m = /^([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)(?:([kKmMgGtT])(?:i?[bB])?)?$/.exec(text)
  if (m === null) return undefined
  const n = Number(m[1]) * (m[2] === undefined ? 1 : (SIZES[m[2].toLowerCase()] as number))
  return Number.isFinite(n) ? n : undefined
}

function exact(n: bigint): number | bigint {
  const number = Number(n)
  return Number.isSafeInteger(number) ? number : n
}

function parseInteger(type: FieldType, text: string, keepBig: boolean): Parsed {
  const n = parseNumber(text)
  if (n === undefined) return { wrong: `'${text}' is not a number; write 10, 0x10 or 4k` }
  if (typeof n === 'number' && !Number.isInteger(n)) return { wrong: `'${text}' is not a whole number` }
  if (n > 2n ** 64n || n < -(2n ** 63n)) return { wrong: `'${text}' does not fit into 64 bits` }
  const range = UNSIGNED[type]
  if (n >= 0 || range === undefined) return { value: keepBig ? n : Number(n) }
  const wrapped = BigInt(range) + BigInt(n)
  return { value: keepBig ? exact(wrapped) : Number(wrapped) }
}

function parseNumeric(type: FieldType, seconds: boolean, text: string, dynamic: boolean): Parsed {
  if (type === 'double') {
    const n = parseNumber(text)
    return n === undefined ? { wrong: `'${text}' is not a number` } : { value: Number(n) }
  }
  if (type === 'reltime') {
    if (/^0[xX]/.test(text)) return parseInteger(type, text, dynamic)
    const ns = parseDuration(text)
    if (ns === undefined)
      return { wrong: `'${text}' is not a duration; write nanoseconds, or 10us, 10ms, 1.5s, 2m, 1h` }
    return { value: seconds && /[a-zµ]$/.test(text) ? ns / 1e9 : ns }
  }
  if (type === 'port') {
    if (text === '') return { value: 0 }
    if (/^[a-z]/i.test(text)) {
      const port = servicePort(text.toLowerCase())
      return port === undefined ? { wrong: `'${text}' is neither a port number nor a known service` } : { value: port }
    }
  }
  return parseInteger(type, text, dynamic)
}

function parsePoint(seconds: boolean, text: string): Parsed {
  const t = parseTime(text)
  if (t === undefined)
    return {
      wrong: `'${text}' is not a time; write 2026-11-25, 2026-11-25T10:00:00, 2026-11-25T10:00:00+01:00, 10:00:00 or nanoseconds since 1970`,
    }
  if (seconds && t instanceof TimeOfDay) return { wrong: `'${text}' needs a date here; otherwise use evt.rawtime` }
  if (seconds && typeof t === 'bigint' && !/^[+-]?\d+$/.test(text)) return { value: t / 1000000000n }
  return { value: t }
}

function parseBool(text: string): Parsed {
  if (text === 'true' || text === '1') return { value: true }
  if (text === 'false' || text === '0') return { value: false }
  return { wrong: `'${text}' is neither true nor false` }
}

function parseBytes(op: Operator, text: string): Parsed {
  const bytes = op.hex ? parseHexBytes(text) : literalBytes(text)
  if (bytes === undefined) return { wrong: `'${text}' must be an even number of hexadecimal digits for '${op.text}'` }
  return { value: op.text === 'icontains' ? literalBytes(text.toLowerCase()) : bytes }
}

/** An address, or a network to test membership of. */
function parseIp(text: string): Parsed {
  const net = text.includes('/') ? parseNet(text) : undefined
  if (net instanceof Net) return { value: net }
  const address = parseAddress(text)
  return address === undefined ? { wrong: `'${text}' is not an IP address` } : { value: printAddress(address) }
}

function parseNetwork(text: string): Parsed {
  const net = parseNet(text)
  return net === undefined ? { wrong: `'${text}' is not a network; write 10.0.0.0/8 or fe80::/10` } : { value: net }
}

function parseText(op: Operator, text: string): Parsed {
  const wrong = op.text === 'regex' ? regexError(text) : undefined
  return wrong === undefined ? { value: text } : { wrong: `not a regular expression: ${wrong}` }
}

/**
 * Parses a literal for a field of that type under that operator. `seconds`: the field counts whole seconds; `dynamic`:
 * its 64-bit values are exact.
 */
export function parseLiteral(op: Operator, type: FieldType, text: string, seconds: boolean, dynamic: boolean): Parsed {
  switch (kindOf(type)) {
    case 'number':
      return parseNumeric(type, seconds, text, dynamic)
    case 'time':
      return parsePoint(seconds, text)
    case 'bool':
      return parseBool(text)
    case 'bytes':
      return parseBytes(op, text)
    case 'ip':
      return parseIp(text)
    case 'net':
      return parseNetwork(text)
    case 'string':
      return parseText(op, text)
  }
}
