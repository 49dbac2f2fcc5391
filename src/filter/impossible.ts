// Warnings about values that a field never has, with the value that was probably meant.
import { printValue } from './ast.js'
import type { FieldRegistry, FieldUse } from './registry.js'
import { nearest } from './suggest.js'

/** The kernel's names of threads are not longer. */
const COMM_BYTES = 15
/** Lists of values up to this length are shown whole. */
const MOST_SHOWN = 20
/** Of longer ones, this many are shown. */
const MOST_NEARBY = 3
const SHORTEST_STEM = 3
/** Other names of errors in C. */
const SAME_ERRORS: Readonly<Record<string, string>> = {
  EWOULDBLOCK: 'EAGAIN',
  ENOTSUP: 'EOPNOTSUPP',
  EDEADLOCK: 'EDEADLK',
}

/** A warning that the field never has this value; undefined if it may. */
export function impossible({ name, def }: FieldUse, value: string, fields: FieldRegistry): string | undefined {
  if (name === 'proc.name') return impossibleName(value)
  const { among } = def
  if (among === undefined || among.includes(value)) return undefined
  return `${name} is never '${value}'${meant(name, value, among, fields)}`
}

/** Names of threads may contain slashes (kworker/0:1), but a path is none of a program, unless it gave itself that name (in Perl: $0). */
function impossibleName(value: string): string | undefined {
  const base = value.slice(value.lastIndexOf('/') + 1)
  if (/^\.{0,2}\//.test(value) && base !== '') {
    const example = printValue(base)
    const never =
      Buffer.byteLength(value) > COMM_BYTES
        ? `so it never equals '${value}'`
        : `so it only equals '${value}' if a process gave itself that name`
    return `proc.name has no folders, ${never}; use proc.name=${example} or proc.exepath`
  }
  if (Buffer.byteLength(value) <= COMM_BYTES) return undefined
  const kept = Buffer.from(value)
    .subarray(0, COMM_BYTES)
    .toString()
    .replace(/\ufffd+$/, '')
  return `proc.name has at most ${COMM_BYTES} bytes, so it never equals '${value}' (did you mean ${printValue(kept)}?); proc.exe and proc.cmdline have all of it`
}

/** What was probably meant: a number, another field that has the value, a similar value. Otherwise the values that there are. */
function meant(name: string, value: string, among: readonly string[], fields: FieldRegistry): string {
  if (name === 'evt.res' && /^-?\d+$/.test(value)) return ` (did you mean evt.rawres=${value}?)`
  for (const other of fields.names())
    if (other !== name && fields.get(other)?.among?.includes(value)) return ` (did you mean ${other}=${value}?)`
  const near = SAME_ERRORS[value] ?? similar(value, among)
  if (near !== undefined) return ` (did you mean ${near}?)`
  if (among.length <= MOST_SHOWN) return `; its values are ${among.join(', ')}`
  const nearby = [...among].sort((a, b) => sameStart(b, value) - sameStart(a, value)).slice(0, MOST_NEARBY)
  return `; similar values are ${nearby.join(', ')}`
}

/** The value with the same beginning (net for network), or the nearest by spelling. */
function similar(value: string, among: readonly string[]): string | undefined {
  const stem = among.find((a) => sameStart(a, value) >= Math.max(SHORTEST_STEM, Math.min(a.length, value.length)))
  return nearest(value, among) ?? stem
}

/** Number of letters that two texts have in common at their beginnings. */
function sameStart(a: string, b: string): number {
  let n = 0
  while (n < Math.min(a.length, b.length) && a[n]?.toLowerCase() === b[n]?.toLowerCase()) n++
  return n
}
