// Reads values of a parsed profile, which is untrusted: wrong types are errors that name their place, such as syscalls[3].args[0].op.
import { escapeText } from '../../render/escape.js'
import { ProfileError } from './profile-error.js'

/** characters of a value that a message shows */
const SHOWN = 40

type Raw = Readonly<Record<string, unknown>>

/** A value of the profile as a message shows it. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
  return `'${escapeText(text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text)}'`
}

/** A value with its place in the profile; place '' is the whole. */
export class Node {
  constructor(
    readonly value: unknown,
    readonly place: string,
  ) {}

  /** Absent and null mean the same, as in Go's JSON. */
  get absent(): boolean {
    return this.value === undefined || this.value === null
  }

  member(name: string): Node {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) this.fail('is no object')
    const value = Object.hasOwn(this.value as Raw, name) ? (this.value as Raw)[name] : undefined
    return new Node(value, this.place === '' ? name : `${this.place}.${name}`)
  }

  /** The items of a list; none if absent. */
  items(): Node[] {
    if (this.absent) return []
    if (!Array.isArray(this.value)) this.fail('is no list')
    return (this.value as unknown[]).map((v, i) => new Node(v, `${this.place}[${i}]`))
  }

  text(): string {
    if (typeof this.value !== 'string') this.fail(`is no text: ${quoted(this.value)}`)
    return this.value as string
  }

  texts(): string[] {
    return this.items().map((item) => item.text())
  }

  /** A whole number from 0 to `most`; undefined if absent. */
  whole(most: number): number | undefined {
    if (this.absent) return undefined
    const n = this.value
    if (typeof n !== 'number' || !Number.isInteger(n) || n < 0 || n > most)
      this.fail(`is no number from 0 to ${most}: ${quoted(n)}`)
    return n as number
  }

  /** An unsigned number of 64 bits, which may be a text of digits; 0 if absent. */
  u64(): bigint {
    const { value } = this
    if (this.absent) return 0n
    const digits = typeof value === 'string' && /^\d{1,20}$/.test(value)
    const n = digits || (typeof value === 'number' && Number.isSafeInteger(value)) ? BigInt(value as string) : -1n
    if (n < 0n || n >= 1n << 64n) this.fail(`is no unsigned number of 64 bits: ${quoted(value)}`)
    return n
  }

  /** One of the words, which the text has after a prefix. */
  word<W extends string>(prefix: string, words: readonly W[]): W {
    const text = this.text()
    const found = words.find((word) => text === `${prefix}${word}`)
    if (found === undefined)
      this.fail(`is ${quoted(text)}, which is none of ${words.map((word) => `${prefix}${word}`).join(', ')}`)
    return found as W
  }

  fail(what: string): never {
    throw new ProfileError(`${this.place === '' ? 'it' : this.place} ${what}`)
  }
}
