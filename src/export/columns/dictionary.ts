// The distinct values of a column in a row group, numbered in order of insertion.
import { escapeText } from '../../render/escape.js'

/**
 * Texts, escaped as in lines: see README.md. Texts that are equal when escaped share one entry, since some readers reject a
 * dictionary with duplicates.
 */
export class Texts {
  private readonly byText = new Map<string, number>()
  /** by number, as UTF-8 */
  readonly encoded: Buffer[] = []
  /** total bytes */
  bytes = 0

  get count(): number {
    return this.encoded.length
  }

  /** The number of a captured text. */
  index(text: string): number {
    let i = this.byText.get(text)
    if (i === undefined) {
      const shown = escapeText(text)
      i = this.byText.get(shown) ?? this.append(shown)
      this.byText.set(text, i)
      this.byText.set(shown, i)
    }
    return i
  }

  private append(shown: string): number {
    const bytes = Buffer.from(shown)
    this.bytes += bytes.length
    return this.encoded.push(bytes) - 1
  }

  clear(): void {
    this.byText.clear()
    this.encoded.length = 0
    this.bytes = 0
  }
}

/** Integers of 4 or 8 bytes. */
export class Numbers {
  private readonly byNumber = new Map<number | bigint, number>()
  /** the values, by number */
  readonly list: (number | bigint)[] = []

  constructor(readonly size: 4 | 8) {}

  get count(): number {
    return this.list.length
  }

  index(n: number | bigint): number {
    let i = this.byNumber.get(n)
    if (i === undefined) {
      i = this.list.length
      this.byNumber.set(n, i)
      this.list.push(n)
    }
    return i
  }

  clear(): void {
    this.byNumber.clear()
    this.list.length = 0
  }
}

/** Booleans. */
export class Booleans {
  readonly count = 2

  index(yes: boolean): number {
    return yes ? 1 : 0
  }

  clear(): void {}
}

export type Dictionary = Texts | Numbers | Booleans
