// Writes numbers that represent other things: signals, times, booleans, addresses.
import { ipv4Text } from '../../model/address.js'
import type { Event } from '../../model/event.js'
import { signalName, signalSet } from '../../schema/signals.js'
import { abstimeText, exact, secondsText } from './number-text.js'
import { cachedText } from './numbers.js'
import { type WriteNumber, writeMeaning } from './write.js'

/** Real-time signals start here; they have no name in other tools' files. */
const REAL_TIME = 32
/** the kernel's value for times that never occur */
const NEVER = 2 ** 64

export const signal = (p: number): WriteNumber =>
  cachedText(p, (n, e) => [`${n}`, e.batch.native || n < REAL_TIME ? signalName(n) : undefined])

export const signals = (p: number): WriteNumber => cachedText(p, (n) => [signalSet(n).join(' '), undefined])

export const bool = (p: number): WriteNumber => cachedText(p, (n) => [n !== 0 ? 'true' : 'false', undefined])

/** A duration in ns, and in seconds. */
export const duration =
  (p: number): WriteNumber =>
  (out, e, _, n) => {
    const ns = Number.isNaN(n) ? (e.number(p) as number) : n
    if (ns >= NEVER) {
      out.trusted('none')
      return
    }
    if (Number.isNaN(n)) out.trusted(`${exact(e, p, ns)}`)
    else out.int(n)
    writeMeaning(out, secondsText(ns))
  }

/** A time, epoch ns. */
export const time =
  (p: number): WriteNumber =>
  (out, e) =>
    out.trusted(abstimeText(e.big(p) as bigint))

export const double =
  (p: number): WriteNumber =>
  (out, e) => {
    const bits = e.big(p) as bigint
    out.trusted(`${new Float64Array(BigUint64Array.of(bits).buffer)[0]}`)
  }

export const ipv4 =
  (p: number): WriteNumber =>
  (out, e) =>
    out.trusted(ipv4Of(e, p))

/** Text of a four-byte address. */
export function ipv4Of(e: Event, p: number): string {
  const n = e.number(p) as number
  return ipv4Text(Uint8Array.of(n, n >>> 8, n >>> 16, n >>> 24), 0)
}
