// Transformers: functions on values, on either side of an operator and in output formats. The result is absent if an
// argument is absent or cannot be transformed.
import { decodeText, encodeText } from '../model/text.js'
import { getopt } from './getopt.js'
import type { Kind, Value } from './operators.js'

/** The kind of a value, and whether it is a list. */
export interface ValueType {
  readonly kind: Kind
  readonly list: boolean
}

export interface Transformer {
  readonly name: string
  readonly doc: string
  readonly cost: number
  /** minimum and maximum number of arguments */
  readonly args: readonly [number, number]
  /** index of the argument that is a list */
  readonly list?: number
  /** whether it takes an index in brackets */
  readonly index?: boolean
  /** valid arguments may have no result; for the others, constants without a result are a mistake */
  readonly mayBeAbsent?: boolean
  /** result type, or a sentence about wrong arguments */
  readonly type: (args: readonly ValueType[], index: string | undefined) => ValueType | string
  /** returns the function of two values; with `reduces` it is applied from the left to further arguments */
  readonly make: (args: readonly ValueType[], index: string | undefined) => (a: Value, b?: Value) => Value
  /** the result for the first arguments is the left argument for the next */
  readonly reduces?: boolean
}

const TEXTUAL: ValueType = { kind: 'string', list: false }
const COUNT: ValueType = { kind: 'number', list: false }

const isText = (t: ValueType | undefined): boolean => t !== undefined && t.kind === 'string' && !t.list

function onText(name: string, doc: string, cost: number, f: (text: string) => string): Transformer {
  return {
    name,
    doc,
    cost,
    args: [1, 1],
    type: ([a]) => (isText(a) ? TEXTUAL : `${name}() takes text`),
    make: () => (a) => (a === undefined ? undefined : f(a as string)),
  }
}

function decodeBase64(bytes: string): Uint8Array | undefined {
  const m = /^([A-Za-z0-9+/]*)(={0,2})$/.exec(bytes)
  if (m === null) return undefined
  const digits = m[1] as string
  const padding = (m[2] as string).length
  if (digits.length % 4 === 1 || (padding > 0 && (digits.length + padding) % 4 !== 0)) return undefined
  return new Uint8Array(Buffer.from(digits, 'base64'))
}

function textLength(text: string): number {
  let n = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c < 0x80) n++
    else if (c < 0x800) n += 2
    else if (c >= 0xd800 && c < 0xdc00 && i + 1 < text.length) {
      n += 4
      i++
    } else n += c >= 0xdc80 && c <= 0xdcff ? 1 : 3
  }
  return n
}

/** Converts a number to text. */
export const TEXT: Transformer = {
  name: 'text',
  doc: 'a number as text',
  cost: 8,
  args: [1, 1],
  type: () => TEXTUAL,
  make: () => (a) => (a === undefined ? undefined : String(a)),
}

const DEFINED: readonly Transformer[] = [
  onText('toupper', 'text in upper case (ASCII letters)', 16, (t) => t.replace(/[a-z]+/g, (s) => s.toUpperCase())),
  onText('tolower', 'text in lower case (ASCII letters)', 16, (t) => t.replace(/[A-Z]+/g, (s) => s.toLowerCase())),
  onText('basename', 'text after the last /', 4, (t) => t.slice(t.lastIndexOf('/') + 1)),
  {
    name: 'b64',
    doc: 'base64 text or bytes, decoded',
    cost: 32,
    args: [1, 1],
    type: ([a]) =>
      a !== undefined && !a.list && (a.kind === 'string' || a.kind === 'bytes') ? a : 'b64() takes text or bytes',
    make: ([type]) => {
      if (type?.kind === 'bytes')
        return (a) => {
          if (a === undefined) return undefined
          const view = a as Uint8Array
          return decodeBase64(Buffer.from(view.buffer, view.byteOffset, view.length).toString('latin1'))
        }
      return (a) => {
        const bytes = a === undefined ? undefined : decodeBase64(a as string)
        return bytes && decodeText(bytes, 0, bytes.length)
      }
    },
  },
  {
    name: 'len',
    doc: 'bytes of a text or buffer, items of a list',
    cost: 4,
    args: [1, 1],
    type: ([a]) =>
      a !== undefined && (a.list || a.kind === 'string' || a.kind === 'bytes')
        ? COUNT
        : 'len() takes text, bytes or a list',
    make: ([type]) => {
      if (type?.list === true || type?.kind === 'bytes')
        return (a) => (a === undefined ? undefined : (a as Uint8Array).length)
      return (a) => (a === undefined ? undefined : textLength(a as string))
    },
  },
  {
    name: 'concat',
    doc: 'texts joined without a separator',
    cost: 8,
    args: [2, 64],
    type: (args) => (args.every(isText) ? TEXTUAL : 'concat() takes texts'),
    make: () => (a, b) => (a === undefined || b === undefined ? undefined : (a as string) + (b as string)),
    reduces: true,
  },
  {
    name: 'join',
    doc: 'the texts or numbers of a list, joined with a separator',
    cost: 16,
    args: [2, 2],
    list: 1,
    type: ([sep, list]) =>
      isText(sep) && (list?.kind === 'string' || list?.kind === 'number') && list.list
        ? TEXTUAL
        : 'join() takes a separator and a list of texts or numbers',
    make: () => (a, b) =>
      a === undefined || b === undefined ? undefined : (b as readonly unknown[]).join(a as string),
  },
  {
    name: 'getopt',
    doc: 'short options at the start of an argument list and their values, or with [c] the value of option c',
    cost: 64,
    args: [2, 2],
    list: 0,
    index: true,
    mayBeAbsent: true,
    type: ([list, options], index) => {
      if (list?.kind !== 'string' || !list.list || !isText(options))
        return 'getopt() takes a list of texts, such as proc.args, and the options as a quoted text'
      if (index !== undefined && index.length !== 1) return 'the index of getopt() is one option letter'
      return { kind: 'string', list: index === undefined }
    },
    make: (_, index) => (a, b) =>
      a === undefined || b === undefined ? undefined : getopt(a as readonly string[], b as string, index),
  },
]

export const TRANSFORMERS: ReadonlyMap<string, Transformer> = new Map(DEFINED.map((t) => [t.name, t]))

/** The bytes of a text literal, for comparison with a buffer. */
export function literalBytes(text: string): Uint8Array {
  return new Uint8Array(encodeText(text))
}
