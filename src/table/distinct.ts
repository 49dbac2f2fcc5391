// Counts distinct values: exactly up to a limit, beyond it as an estimate with an error of about 2 %.
import type { FieldValue } from '../fields/field.js'

/** Maximum number of values that are stored exactly. */
export const EXACT = 1024
/** Registers of the estimate (HyperLogLog), and the bits that choose one. */
const BITS = 12
const REGISTERS = 1 << BITS
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS)

export class Distinct {
  private exact: Set<string | number | bigint | boolean> | undefined = new Set()
  private registers: Uint8Array | undefined = undefined

  add(value: FieldValue): void {
    const v = typeof value === 'object' ? plain(value) : value
    if (this.exact !== undefined) {
      this.exact.add(v)
      if (this.exact.size <= EXACT) return
      this.registers = new Uint8Array(REGISTERS)
      for (const x of this.exact) this.register(x)
      this.exact = undefined
      return
    }
    this.register(v)
  }

  get count(): number {
    if (this.exact !== undefined) return this.exact.size
    const registers = this.registers as Uint8Array
    let sum = 0
    let empty = 0
    for (const r of registers) {
      sum += 2 ** -r
      if (r === 0) empty++
    }
    const estimate = (ALPHA * REGISTERS * REGISTERS) / sum
    if (estimate < 2.5 * REGISTERS && empty > 0) return Math.round(REGISTERS * Math.log(REGISTERS / empty))
    return Math.round(estimate)
  }

  private register(value: string | number | bigint | boolean): void {
    const registers = this.registers as Uint8Array
    const h = hash(String(value))
    const at = h >>> (32 - BITS)
    const zeros = Math.clz32((h << BITS) | (1 << (BITS - 1))) + 1
    if (zeros > (registers[at] as number)) registers[at] = zeros
  }
}

function plain(value: Exclude<FieldValue, string | number | bigint | boolean>): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value.join('\0')
}

/** A 32-bit hash of a text (FNV-1a, then murmur's finalizer). */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
