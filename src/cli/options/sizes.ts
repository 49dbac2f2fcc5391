// Sizes as users write them: 500K, 64M, 1.5G, and values that are a size or a time. K is 1000 for disks and 1024 for memory; Ki is
// always 1024.
import { parseDuration } from '../../filter/time.js'
import type { RetentionPolicy } from '../../trace/rotation/retention.js'

const POWERS: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4 }

/** Parses a size to bytes; undefined if it is invalid. */
function sizeOf(text: string, base: 1000 | 1024): number | undefined {
  const m = /^(\d+(?:\.\d+)?)([kmgt]?)(i?)b?$/i.exec(text)
  if (m === null) return undefined
  const [, digits, unit = '', binary] = m
  const bytes = Number(digits) * (binary === '' ? base : 1024) ** (POWERS[unit.toLowerCase()] as number)
  return unit === '' && !Number.isInteger(bytes) ? undefined : Math.round(bytes)
}

export const diskSize = (text: string): number | undefined => sizeOf(text, 1000)

export const memorySize = (text: string): number | undefined => sizeOf(text, 1024)

/** A size of -C: a plain number is millions of bytes, as in sysdig. */
export function fileSize(text: string): number | undefined {
  const bytes = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1e6 : diskSize(text)
  return bytes !== undefined && bytes >= 1 ? Math.round(bytes) : undefined
}

/** Parses --keep: a time with a unit (2h, 30m, 7d), or a size; undefined if it is neither, or 0. */
export function parseRetention(text: string): Pick<RetentionPolicy, 'age' | 'bytes'> | undefined {
  if (/^\d+(\.\d+)?(s|m|min|h|d)$/.test(text)) {
    const age = (parseDuration(text) as number) / 1e6
    return age > 0 ? { age } : undefined
  }
  const bytes = /^\d+(\.\d+)?$/.test(text) ? undefined : diskSize(text)
  return bytes === undefined || bytes < 1 ? undefined : { bytes }
}

/** Parses --min-free: a share of the disk (5%), or a size; undefined if it is neither, or 0. */
export function free(text: string): RetentionPolicy['free'] {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1]
  const part = Number(percent) / 100
  if (percent !== undefined) return part > 0 && part < 1 ? { part } : undefined
  const bytes = /^\d+$/.test(text) ? undefined : diskSize(text)
  return bytes === undefined || bytes < 1 ? undefined : { bytes }
}

/** One value of --last. */
export type Last = { readonly time: number } | { readonly bytes: number }

/** Parses a value of --last: a time (ns) or a size; undefined if it is neither. */
export function lastOf(text: string): Last | undefined {
  // 5m are minutes
  const bytes = /[KMGT](i?B)?$/.test(text) ? memorySize(text) : undefined
  if (bytes !== undefined) return { bytes }
  const time = parseDuration(text)
  return time !== undefined && time >= 0 ? { time } : undefined
}
