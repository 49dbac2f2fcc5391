// The arguments of events. Many events have equal arguments, so distinct ones are stored once, as JSON and as entries of a map.
import type { FieldContext } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import { appendValues } from '../../render/args/args.js'
import { EncodedText } from '../../render/bytes/encoded-text.js'
import type { EventDef, ParamDef } from '../../schema/types.js'
import { ByteStrings, Scratch } from './byte-strings.js'
import { Runs } from './runs.js'

/** Bytes after which the buffer for arguments is reused. */
const FULL = 1 << 15
/** Maximum bytes of distinct arguments in a row group, each as JSON and as values. */
const MOST_KEPT = 16 << 20

/** Written by appendValues: marker of an absent argument, and terminator of each argument. */
const ABSENT = 1
const END = 0
const OPEN = 123
const CLOSE = 125
const MINUS = 45
const ZERO = 48
const NINE = 57

/** The parameters of an event type. */
interface Shape {
  readonly def: EventDef
  readonly tag: number
  /** by parameter: its JSON key, as the first key of an object and after others */
  readonly first: readonly EncodedText[]
  readonly next: readonly EncodedText[]
  readonly names: readonly string[]
  /** by parameter: its value is a plain number */
  readonly numbers: readonly boolean[]
  /** indexes of the names in the key texts, and the row group for which they are valid */
  keys: readonly number[]
  keysOf: number
  /** index of the arguments of the last event, and its row group */
  last: number
  group: number
}

/** Types whose values are plain numbers, unless the parameter has flags or names. */
const NUMBERS: ReadonlySet<string> = new Set([
  ...['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'errno', 'port', 'reltime'],
])

export class Arguments {
  /** by row: index of its arguments among the distinct ones */
  readonly rows = new Runs()
  count = 0
  /** for each distinct arguments: number of rows */
  readonly times: number[] = []
  /** for each distinct arguments: index of its JSON, index of its first entry, and number of entries */
  jsons = new Int32Array(1024)
  firsts = new Int32Array(1024)
  counts = new Int32Array(1024)
  /** for each entry: index of its key and of its value */
  keys = new Int32Array(4096)
  values = new Int32Array(4096)
  private entries = 0
  readonly json = new ByteStrings()
  readonly keyTexts = new ByteStrings()
  readonly valueTexts = new ByteStrings()
  /** the distinct arguments as separated values, to find equal ones */
  private readonly distinct = new ByteStrings()
  private readonly place = new Scratch(1 << 16)
  private readonly text = new Scratch(1 << 16)
  private ctx!: FieldContext
  private readonly shapes = new WeakMap<readonly ParamDef[], Shape>()
  private tags = 0
  /** counts row groups */
  private group = 0

  start(ctx: FieldContext): void {
    this.ctx = ctx
  }

  get full(): boolean {
    return this.distinct.length > MOST_KEPT || this.json.length > MOST_KEPT
  }

  /** Adds a row for the event under the cursor. */
  push(e: Event): void {
    const { place, distinct } = this
    if (place.length > FULL) place.clear()
    const from = place.length
    appendValues(place, e, this.ctx)
    const shape = this.shapeOf(e)
    // many calls have the arguments of the previous call of their type
    if (shape.group !== this.group || !distinct.is(shape.last, place, from, place.length)) {
      const before = distinct.count
      shape.group = this.group
      shape.last = distinct.index(place, from, place.length, shape.tag)
      if (shape.last === before) this.take(shape, from, place.length)
    }
    this.rows.push(shape.last)
    this.times[shape.last]!++
  }

  clear(): void {
    for (const strings of [this.json, this.keyTexts, this.valueTexts, this.distinct]) strings.clear()
    this.rows.clear()
    this.times.length = 0
    this.entries = this.count = 0
    this.group++
  }

  /** Splits new arguments into JSON and entries. */
  private take(shape: Shape, from: number, to: number): void {
    const { place, text } = this
    const i = shape.last
    if (i === this.firsts.length) {
      this.jsons = larger(this.jsons)
      this.firsts = larger(this.firsts)
      this.counts = larger(this.counts)
    }
    if (shape.keysOf !== this.group) this.nameKeys(shape)
    const first = this.entries
    text.clear()
    text.byte(OPEN)
    const bytes = place.raw
    for (let k = 0, at = from; at < to; k++) {
      let end = at
      while (bytes[end] !== END) end++
      if (!(end === at + 1 && bytes[at] === ABSENT)) {
        text.encoded((this.entries === first ? shape.first[k] : shape.next[k]) as EncodedText)
        this.value(shape.numbers[k] === true, at, end)
        this.enter(shape.keys[k] as number, this.valueTexts.index(place, at, end))
      }
      at = end + 1
    }
    text.byte(CLOSE)
    this.jsons[i] = this.json.index(text, 0, text.length)
    this.times.push(0)
    this.count++
    this.firsts[i] = first
    this.counts[i] = this.entries - first
  }

  /** Appends the value in bytes [from, to) to the JSON. */
  private value(isNumber: boolean, from: number, to: number): void {
    const { place, text } = this
    if (isNumber && isExact(place.raw, from, to)) {
      text.copy(place, from, to)
      return
    }
    const start = text.openQuote()
    text.copy(place, from, to)
    text.closeQuote(start)
  }

  private enter(key: number, value: number): void {
    if (this.entries === this.keys.length) {
      this.keys = larger(this.keys)
      this.values = larger(this.values)
    }
    this.keys[this.entries] = key
    this.values[this.entries++] = value
  }

  private nameKeys(shape: Shape): void {
    const { text } = this
    shape.keys = shape.names.map((name) => {
      text.clear()
      text.text(name)
      return this.keyTexts.index(text, 0, text.length)
    })
    shape.keysOf = this.group
  }

  private shapeOf(e: Event): Shape {
    const { shown } = e
    let shape = this.shapes.get(shown)
    if (shape === undefined || shape.def !== e.def) {
      const keys = shown.map((p) => `${JSON.stringify(p.name)}:`)
      shape = {
        def: e.def,
        tag: ++this.tags,
        first: keys.map((key) => new EncodedText(key)),
        next: keys.map((key) => new EncodedText(`,${key}`)),
        names: shown.map((p) => p.name),
        numbers: shown.map(meansNumber),
        keys: [],
        keysOf: -1,
        last: 0,
        group: -1,
      }
      this.shapes.set(shown, shape)
    }
    return shape
  }
}

function meansNumber({ type, fmt, flags, names, makes }: ParamDef): boolean {
  return NUMBERS.has(type) && fmt === 'dec' && flags === undefined && names === undefined && makes === undefined
}

/** Maximum digits of numbers that every JSON reader represents exactly. */
const EXACT_DIGITS = 15

/** Whether bytes are an integer that JSON readers represent exactly. */
function isExact(bytes: Uint8Array, from: number, to: number): boolean {
  let i = bytes[from] === MINUS ? from + 1 : from
  if (i === to || to - i > EXACT_DIGITS || (bytes[i] === ZERO && to - i > 1)) return false
  for (; i < to; i++) if (bytes[i]! < ZERO || bytes[i]! > NINE) return false
  return true
}

function larger(from: Int32Array): Int32Array<ArrayBuffer> {
  const to = new Int32Array(from.length * 2)
  to.set(from)
  return to
}
