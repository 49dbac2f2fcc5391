// The arguments of events, of which many have the same: those that differ are kept, as JSON and as entries of a map.
import type { FieldContext } from '../../fields/field.js'
import { appendValues } from '../../format/args/args.js'
import { EncodedText } from '../../format/bytes/encoded-text.js'
import type { Event } from '../../model/event.js'
import type { EventDef, ParamDef } from '../../schema/types.js'
import { ByteStrings, Scratch } from './byte-strings.js'
import { Runs } from './runs.js'

/** Bytes after which the place where arguments are written is used anew. */
const FULL = 1 << 15
/** Bytes of what is kept of a row group at most, twice over: as JSON and as values. */
const MOST_KEPT = 16 << 20

/** What appendValues has for an absent argument, and behind each. */
const ABSENT = 1
const END = 0
const OPEN = 123
const CLOSE = 125
const MINUS = 45
const ZERO = 48
const NINE = 57

/** What the parameters of events of a type are called. */
interface Shape {
  readonly def: EventDef
  readonly tag: number
  /** by parameter: its name as the key of JSON, the first of an object and behind others */
  readonly first: readonly EncodedText[]
  readonly next: readonly EncodedText[]
  readonly names: readonly string[]
  /** by parameter: its value is a number and means no more than that */
  readonly numbers: readonly boolean[]
  /** numbers of the names in a row group, and which that is */
  keys: readonly number[]
  keysOf: number
  /** number of the arguments of the last event, and the row group that it was in */
  last: number
  group: number
}

/** Types whose values are numbers, where they mean no more. */
const NUMBERS: ReadonlySet<string> = new Set([
  ...['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'errno', 'port', 'reltime'],
])

export class Arguments {
  /** by row: which of those that differ it has */
  readonly rows = new Runs()
  count = 0
  /** rows that have them */
  readonly times: number[] = []
  /** of each of those: number of its JSON, the first of its entries, and how many these are */
  jsons = new Int32Array(1024)
  firsts = new Int32Array(1024)
  counts = new Int32Array(1024)
  /** of each entry: number of its key, and of its value */
  keys = new Int32Array(4096)
  values = new Int32Array(4096)
  private entries = 0
  readonly json = new ByteStrings()
  readonly keyTexts = new ByteStrings()
  readonly valueTexts = new ByteStrings()
  /** values with what parts them, by which it is seen that they were met before */
  private readonly met = new ByteStrings()
  private readonly place = new Scratch(1 << 16)
  private readonly text = new Scratch(1 << 16)
  private ctx!: FieldContext
  private readonly shapes = new WeakMap<readonly ParamDef[], Shape>()
  private tags = 0
  /** counts row groups */
  private group = 0

  begin(ctx: FieldContext): void {
    this.ctx = ctx
  }

  get full(): boolean {
    return this.met.length > MOST_KEPT || this.json.length > MOST_KEPT
  }

  /** The next row is that of the event under the cursor. */
  push(e: Event): void {
    const { place, met } = this
    if (place.length > FULL) place.clear()
    const from = place.length
    appendValues(place, e, this.ctx)
    const shape = this.shapeOf(e)
    // many calls are as the one before of their type
    if (shape.group !== this.group || !met.is(shape.last, place, from, place.length)) {
      const before = met.count
      shape.group = this.group
      shape.last = met.of(place, from, place.length, shape.tag)
      if (shape.last === before) this.take(shape, from, place.length)
    }
    this.rows.push(shape.last)
    this.times[shape.last]!++
  }

  clear(): void {
    for (const strings of [this.json, this.keyTexts, this.valueTexts, this.met]) strings.clear()
    this.rows.clear()
    this.times.length = 0
    this.entries = this.count = 0
    this.group++
  }

  /** Takes arguments apart that were not met before. */
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
        this.enter(shape.keys[k] as number, this.valueTexts.of(place, at, end))
      }
      at = end + 1
    }
    text.byte(CLOSE)
    this.jsons[i] = this.json.of(text, 0, text.length)
    this.times.push(0)
    this.count++
    this.firsts[i] = first
    this.counts[i] = this.entries - first
  }

  /** Adds the value in bytes [from, to) to the JSON. */
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
      return this.keyTexts.of(text, 0, text.length)
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

/** Digits of numbers that every reader of JSON takes as they are. */
const EXACT_DIGITS = 15

/** Whether bytes are a whole number that JSON has without loss. */
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
