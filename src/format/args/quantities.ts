// Writes numbers that stand for something else: signals, times, truth, addresses.
import { ipv4Text } from '../../model/address.js'
import type { Event } from '../../model/event.js'
import { signalName, signalSet } from '../../schema/signals.js'
import { abstimeText, exact, secondsText } from './number-text.js'
import { kept } from './numbers.js'
import { meant, type WriteNumber } from './write.js'

/** Real-time signals, from here on, have no name in other tools' files. */
const REAL_TIME = 32
/** what times stand for that never come */
const NEVER = 2 ** 64

export const signal = (p: number): WriteNumber =>
  kept(p, (n, e) => [`${n}`, e.batch.native || n < REAL_TIME ? signalName(n) : undefined])

export const signals = (p: number): WriteNumber => kept(p, (n) => [signalSet(n).join(' '), undefined])

export const bool = (p: number): WriteNumber => kept(p, (n) => [n !== 0 ? 'true' : 'false', undefined])

/** A duration in ns, and the same in seconds. */
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
    meant(out, secondsText(ns))
  }

/** A point in time, ns since the epoch. */
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

/** Text of an address in four bytes. */
export function ipv4Of(e: Event, p: number): string {
  const n = e.number(p) as number
  return ipv4Text(Uint8Array.of(n, n >>> 8, n >>> 16, n >>> 24), 0)
}
