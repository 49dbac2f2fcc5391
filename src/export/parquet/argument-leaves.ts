// The columns of arguments as Parquet pages: JSON text, and a map, whose keys and values are leaf columns.
import type { Arguments } from '../columns/arguments.js'
import type { ByteStrings } from '../columns/byte-strings.js'
import { type Layout, type Leaf, type Page, worthwhile } from './leaf.js'
import { PlainStrings } from './plain.js'
import { ENCODING, TYPE } from './spec.js'

abstract class TextsOfArguments implements Leaf {
  readonly type = TYPE.BYTE_ARRAY
  abstract readonly path: readonly string[]
  abstract readonly optional: boolean
  abstract readonly repeated: boolean
  protected byIndex = false

  protected readonly strings: PlainStrings

  constructor(
    protected readonly args: Arguments,
    strings: ByteStrings,
  ) {
    this.strings = new PlainStrings(strings)
  }

  plan(): Layout {
    const { args, strings } = this
    let values = 0
    let plain = 0
    for (let i = 0; i < args.count; i++) {
      const times = args.times[i] as number
      values += times * this.countOf(i)
      plain += times * this.bytesOf(i)
    }
    args.rows.rewind()
    this.byIndex = values > 0 && worthwhile(strings, values, plain)
    if (this.byIndex) return { encoding: ENCODING.RLE_DICTIONARY, dictionary: strings, bytes: values }
    return { encoding: ENCODING.PLAIN, bytes: plain }
  }

  /** Number of values of the i-th arguments, and their bytes. */
  protected abstract countOf(i: number): number
  protected abstract bytesOf(i: number): number
  abstract read(rows: number, page: Page): void

  /** No statistics: queries do not search for a range of them. */
  bounds(): undefined {
    return undefined
  }
}

export class JsonLeaf extends TextsOfArguments {
  readonly optional = false
  readonly repeated = false

  constructor(
    args: Arguments,
    readonly path: readonly string[],
  ) {
    super(args, args.json)
  }

  protected countOf(): number {
    return 1
  }

  protected bytesOf(i: number): number {
    return this.strings.bytesOf(this.args.jsons[i] as number)
  }

  read(rows: number, page: Page): void {
    const { strings, byIndex } = this
    const { rows: runs, jsons } = this.args
    for (let remaining = rows; remaining > 0; ) {
      const n = runs.next(remaining)
      remaining -= n
      const place = jsons[runs.value] as number
      if (byIndex) page.indexes.put(place, n)
      else for (let t = 0; t < n; t++) strings.put(page.values, place)
    }
    page.entries += rows
  }
}

export class MapLeaf extends TextsOfArguments {
  readonly optional = true
  readonly repeated = true
  private places = new Int32Array(0)

  constructor(
    args: Arguments,
    readonly path: readonly string[],
    private readonly what: 'keys' | 'values',
  ) {
    super(args, what === 'keys' ? args.keyTexts : args.valueTexts)
  }

  override plan(): Layout {
    this.places = this.args[this.what]
    return super.plan()
  }

  protected countOf(i: number): number {
    return this.args.counts[i] as number
  }

  protected bytesOf(i: number): number {
    const { places, strings } = this
    const first = this.args.firsts[i] as number
    let bytes = 0
    for (let k = first + this.countOf(i) - 1; k >= first; k--) bytes += strings.bytesOf(places[k] as number)
    return bytes
  }

  read(rows: number, page: Page): void {
    const { places, strings, byIndex } = this
    const { firsts, counts } = this.args
    const { repetitions, definitions, indexes, values } = page
    const runs = this.args.rows
    for (let remaining = rows; remaining > 0; ) {
      const times = runs.next(remaining)
      remaining -= times
      const first = firsts[runs.value] as number
      const count = counts[runs.value] as number
      for (let t = 0; t < times; t++) {
        repetitions.put(0, 1)
        page.entries += count || 1
        if (count === 0) {
          definitions.put(0, 1)
          page.nulls++
          continue
        }
        if (count > 1) repetitions.put(1, count - 1)
        definitions.put(1, count)
        for (let k = first; k < first + count; k++) {
          if (byIndex) indexes.put(places[k] as number, 1)
          else strings.put(values, places[k] as number)
        }
      }
    }
  }
}
