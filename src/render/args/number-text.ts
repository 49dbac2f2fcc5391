// Text of parameters' numbers, exact to 64 bits.
import type { Event } from '../../model/event.js'
import type { PrintFormat, Wire } from '../../schema/types.js'

/** The exact value of the parameter, if `n`, read as a Number, may have been rounded. */
export function exact(e: Event, p: number, n: number): number | bigint {
  return Number.isSafeInteger(n) ? n : (e.big(p) ?? n)
}

const TWO63 = 2 ** 63

/**
 * Text of a parameter's number in its print format. Hexadecimal is upper case without 0x, octal has C's leading 0, both
 * are two's complement; 64-bit decimals are signed even if the kernel's type is not (offsets from a position).
 */
export function numberText(e: Event, p: number, n: number, fmt: PrintFormat, wire: Wire): string {
  const v = exact(e, p, n)
  if (fmt === 'hex') return unsigned(v, wire).toString(16).toUpperCase()
  if (fmt === 'oct') return octal(unsigned(v, wire))
  return n >= TWO63 ? `${BigInt.asIntN(64, BigInt(v))}` : `${v}`
}

/** As C's %#o: 0644, and 0 for zero. */
export function octal(v: number | bigint): string {
  return v === 0 ? '0' : `0${v.toString(8)}`
}

function unsigned(v: number | bigint, wire: Wire): number | bigint {
  if (v >= 0) return v
  if (wire === 'i32') return Number(v) >>> 0
  return BigInt.asUintN(64, BigInt(v))
}

/** A duration as C's %g prints its seconds (six digits), with the unit: 1.5s, 1e-06s. */
export function secondsText(ns: number): string {
  const seconds = ns / 1e9
  if (seconds === 0) return '0s'
  const exponent = Math.floor(Math.log10(Math.abs(Number(seconds.toPrecision(6)))))
  if (exponent >= -4 && exponent < 6) return `${Number(seconds.toPrecision(6))}s`
  const [mantissa, power] = Number(seconds.toPrecision(6)).toExponential().split('e') as [string, string]
  return `${mantissa}e${power[0]}${power.slice(1).padStart(2, '0')}s`
}

const pad = (n: number, width = 2) => String(n).padStart(width, '0')

/** A time, epoch ns, as local time: 2024-01-31 12:00:00.000000001. */
export function abstimeText(ns: bigint): string {
  const d = new Date(Number(ns / 1_000_000n))
  const date = `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}`
  return `${date} ${pad(d.getHours())}:${pad(d.getMinutes())}:${pad(d.getSeconds())}.${pad(Number(ns % 1_000_000_000n), 9)}`
}
