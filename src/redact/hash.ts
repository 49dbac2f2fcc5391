// Hashes that replace values: equal values have equal hashes if the key is the same.
import { createHmac, randomBytes } from 'node:crypto'
import { encodeText } from '../model/text.js'

/** Replaces a masked text. */
export const MASK = '***'
/** hexadecimal digits of a hash: with its # it fits into a process name (15 bytes) */
const DIGITS = 12
/** bytes of a random key */
const KEY_BYTES = 32
/** cached hashes */
const CACHED = 4096

export const randomKey = (): Uint8Array => new Uint8Array(randomBytes(KEY_BYTES))

export class Hasher {
  private readonly known = new Map<string, string>()

  constructor(private readonly key: Uint8Array) {}

  /** The hash of a text; '' for an empty one. */
  text(value: string): string {
    return value === '' ? '' : `#${this.digits(value).slice(0, DIGITS)}`
  }

  /** Hashes a path component by component, so that files of one directory remain together and relative paths still resolve. */
  path(value: string): string {
    return value
      .split('/')
      .map((part) => (part === '.' || part === '..' ? part : this.text(part)))
      .join('/')
  }

  /** A replacement address of the same family, from ranges that no host has: 240.0.0.0/4, 2001:db8::/32. */
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

  /** Throws without a key: anyone could compute the same hashes. */
  private digits(value: string): string {
    if (this.key.length === 0) throw new Error('hashes need a key')
    const known = this.known.get(value)
    if (known !== undefined) return known
    const digest = createHmac('sha256', this.key).update(encodeText(value)).digest('hex')
    if (this.known.size >= CACHED) this.known.clear()
    this.known.set(value, digest)
    return digest
  }
}
