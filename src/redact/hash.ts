// What stands for a value that is not told: the same value has the same hash, as long as the key is the same.
import { createHmac, randomBytes } from 'node:crypto'
import { encodeText } from '../model/text.js'

/** What stands for a masked text. */
export const MASK = '***'
/** hexadecimal digits of a hash: with its # it fits where a process's name stands */
const DIGITS = 12
/** bytes of a random key */
const KEY_BYTES = 32
/** hashes that are remembered */
const KEPT = 4096

export const randomKey = (): Uint8Array => new Uint8Array(randomBytes(KEY_BYTES))

export class Hasher {
  private readonly known = new Map<string, string>()

  constructor(private readonly key: Uint8Array) {}

  /** Of a text; nothing stays nothing. */
  text(value: string): string {
    return value === '' ? '' : `#${this.digits(value).slice(0, DIGITS)}`
  }

  /** Of a path part by part, so that it stays one: files of one directory stay together, and relative paths lead on. */
  path(value: string): string {
    return value
      .split('/')
      .map((part) => (part === '.' || part === '..' ? part : this.text(part)))
      .join('/')
  }

  /** An address of the same family for another, of those that nobody has: 240.0.0.0/4, 2001:db8::/32. */
  address(ip: string): string {
    const digits = this.digits(ip)
    if (!ip.includes(':')) {
      const [a, b, c, d] = [0, 2, 4, 6].map((i) => Number.parseInt(digits.slice(i, i + 2), 16)) as [
        number,
        number,
        number,
        number,
      ]
      return `${240 + (a & 15)}.${b}.${c}.${d}`
    }
    const groups = Array.from({ length: 6 }, (_, i) => digits.slice(4 * i, 4 * i + 4).replace(/^0+(?=.)/, ''))
    return `2001:db8:${groups.join(':')}`
  }

  private digits(value: string): string {
    const known = this.known.get(value)
    if (known !== undefined) return known
    const made = createHmac('sha256', this.key).update(encodeText(value)).digest('hex')
    if (this.known.size >= KEPT) this.known.clear()
    this.known.set(value, made)
    return made
  }
}
