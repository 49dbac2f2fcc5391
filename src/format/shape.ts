// Text of structures (schema/shape.ts): {a=1, b=[2, 3]}, names for numbers that have some, what was cut off left out.

import { ipv4Text, ipv6Text } from '../model/address.js'
import { decodeText } from '../model/text.js'
import { errnoName } from '../schema/errno.js'
import { deviceName, type Look, type Member, type Shape } from '../schema/shape.js'
import { signalName } from '../schema/signals.js'
import type { FlagTable } from '../schema/types.js'

/** Structures within structures; a declaration that is deeper is wrong. */
const DEEPEST = 8

/** Text of the bytes from `at` to `end`; undefined when there are too few for anything of it. */
export function shapeText(view: DataView, shape: Shape, at: number, end: number, depth = 0): string | undefined {
  const { look } = shape
  switch (look.kind) {
    case 'struct': {
      const parts = memberTexts(view, shape, at, end, depth)
      return parts.length > 0 || end > at ? `{${parts.join(', ')}}` : undefined
    }
    case 'list':
      return listText(view, look.of, look.most, at, shape.size > 0 ? Math.min(end, at + shape.size) : end, depth)
    case 'text':
      return quoted(view, at, shape.size > 0 ? Math.min(end, at + shape.size) : end)
    case 'texts':
      return textsText(view, at, Math.min(end, at + shape.size))
    case 'bytes':
      return dump(view, at, shape.size > 0 ? Math.min(end, at + shape.size) : end)
    case 'set':
      return setText(view, at, Math.min(end, at + shape.size))
    case 'choice':
      return undefined
    default:
      return at + shape.size <= end ? numberText(view, shape, at) : undefined
  }
}

function memberTexts(view: DataView, shape: Shape, at: number, end: number, depth: number): string[] {
  const { look } = shape
  if (look.kind !== 'struct' || depth > DEEPEST) return []
  const parts: string[] = []
  for (const m of look.members) {
    const from = at + m.at
    if (m.name.startsWith('_') && m.shape.look.kind !== 'choice') continue
    if (from >= end) break
    let s = m.shape
    if (s.look.kind === 'choice') {
      const found = chosen(view, look.members, s, at, end)
      if (found === undefined) continue
      if (found.look.kind === 'struct') {
        parts.push(...memberTexts(view, found, from, end, depth + 1))
        continue
      }
      s = found
    }
    if (s.quiet && zero(view, from, Math.min(end, from + s.size))) continue
    if (s.look.kind === 'pooled') {
      const text = from + s.size > end ? end : at + s.look.from + view.getUint32(from, true)
      if (text < end) parts.push(`${m.name}=${quoted(view, text, end)}`)
      continue
    }
    const text = shapeText(view, s, from, s.size > 0 ? Math.min(end, from + s.size) : end, depth + 1)
    if (text !== undefined) parts.push(`${m.name}=${text}`)
  }
  return parts
}

/** What a union is, by a member of the structure at `at` around it. */
function chosen(view: DataView, members: readonly Member[], union: Shape, at: number, end: number): Shape | undefined {
  let s: Shape | undefined = union
  for (let i = 0; s?.look.kind === 'choice' && i < DEEPEST; i++) {
    const look: Extract<Look, { kind: 'choice' }> = s.look
    const selector: Member | undefined = members.find((m) => m.name === look.by)
    const value = selector && integerAt(view, selector.shape, at + selector.at, end)
    s = value === undefined ? undefined : (look.shapes.get(Number(value)) ?? look.otherwise)
  }
  return s
}

function zero(view: DataView, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (view.getUint8(i) !== 0) return false
  return true
}

function listText(view: DataView, of: Shape, most: number, at: number, end: number, depth: number): string {
  const parts: string[] = []
  for (let from = at; from + of.size <= end; from += of.size) {
    if (parts.length === most) {
      parts.push('...')
      break
    }
    parts.push(shapeText(view, of, from, from + of.size, depth + 1) ?? '')
  }
  return `[${parts.join(', ')}]`
}

/** Text to its NUL in quotes, as recorded: whoever prints it makes control characters visible. */
function quoted(view: DataView, at: number, end: number): string {
  let to = at
  while (to < end && view.getUint8(to) !== 0) to++
  const arena = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  return `"${decodeText(arena, at, to).replace(/["\\]/g, '\\$&')}"`
}

function textsText(view: DataView, at: number, end: number): string {
  const parts: string[] = []
  for (let from = at; from < end; from++) {
    parts.push(quoted(view, from, end))
    while (from < end && view.getUint8(from) !== 0) from++
  }
  return `[${parts.join(', ')}]`
}

function dump(view: DataView, at: number, end: number): string {
  let text = '0x'
  for (let i = at; i < end; i++) text += view.getUint8(i).toString(16).padStart(2, '0')
  return text
}

/** Numbers of the bits that are set, neighbours as first-last. */
function setText(view: DataView, at: number, end: number): string {
  const runs: string[] = []
  let first = -1
  const bits = (end - at) * 8
  for (let i = 0; i <= bits; i++) {
    const isSet = i < bits && (view.getUint8(at + (i >> 3)) & (1 << (i & 7))) !== 0
    if (isSet && first < 0) first = i
    if (isSet || first < 0) continue
    runs.push(first === i - 1 ? `${first}` : `${first}-${i - 1}`)
    first = -1
  }
  return `[${runs.join(', ')}]`
}

/** The integer at `at`, exact. */
function integerAt(view: DataView, shape: Shape, at: number, end: number): bigint | number | undefined {
  if (at + shape.size > end) return undefined
  const signed =
    shape.look.kind === 'int' ? shape.look.signed : shape.look.kind === 'signal' || shape.look.kind === 'wait'
  switch (shape.size) {
    case 1:
      return signed ? view.getInt8(at) : view.getUint8(at)
    case 2:
      return signed ? view.getInt16(at, true) : view.getUint16(at, true)
    case 4:
      return signed ? view.getInt32(at, true) : view.getUint32(at, true)
    default:
      return signed ? view.getBigInt64(at, true) : view.getBigUint64(at, true)
  }
}

function numberText(view: DataView, shape: Shape, at: number): string {
  const { look } = shape
  if (look.kind === 'address') {
    const arena = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    return shape.size === 16 ? ipv6Text(arena, at) : ipv4Text(arena, at)
  }
  const n = integerAt(view, shape, at, at + shape.size) as bigint | number
  switch (look.kind) {
    case 'names':
      return namesText(look.table, look.bits, n, look.base)
    case 'signal':
      return signalName(Number(n)) ?? `${n}`
    case 'int32':
      return `${Number(BigInt.asIntN(32, BigInt(n)))}`
    case 'signals':
      return signalsText(BigInt(n))
    case 'wait':
      return waitText(Number(n))
    case 'errno':
      return n === 0 || n === 0n ? '0' : (errnoName(-Math.abs(Number(BigInt.asIntN(32, BigInt(n))))) ?? `${n}`)
    case 'device':
      return deviceName(Number(n)) ?? '0:0'
    case 'mode':
      return modeText(Number(n))
    case 'port':
      return `${view.getUint16(at, false)}`
    case 'int':
      if (look.base === 'hex') return n === 0 || n === 0n ? '0' : `0x${n.toString(16)}`
      return look.base === 'oct' ? `0${n.toString(8)}` : `${n}`
    default:
      return `${n}`
  }
}

/** Names of a kernel's value: A|B, and what has no name as a number. */
function namesText(table: FlagTable, bits: boolean, n: bigint | number, base: 'dec' | 'hex' | 'oct'): string {
  const value = BigInt(n)
  const entries = table.entries.map(([name, ppm, native = ppm]) => [name, BigInt(native)] as const)
  const wide = BigInt.asUintN(64, value)
  const whole = entries.find(
    ([, v]) => v === value || (v >> 31n === 1n && BigInt.asUintN(64, BigInt.asIntN(32, v)) === wide),
  )
  if (whole !== undefined) return whole[0]
  if (!bits) return base === 'hex' ? `0x${value.toString(16)}` : `${value}`
  const names: string[] = []
  let left = value
  for (const [name, v] of entries) {
    if (v <= 0n || (left & v) !== v) continue
    names.push(name)
    left &= ~v
  }
  if (left !== 0n || names.length === 0) names.push(left === 0n ? '0' : `0x${left.toString(16)}`)
  return names.join('|')
}

/** How a process ended or stopped. */
function waitText(n: number): string {
  const low = n & 0x7f
  const second = (n >> 8) & 0xff
  if (n === 0xffff) return 'continued'
  if (low === 0x7f) return `stopped(${signalName(second) ?? second})`
  if (low === 0) return `exited(${second})`
  return `${n & 0x80 ? 'dumped' : 'killed'}(${signalName(low) ?? low})`
}

const KINDS = new Map([
  [0o140000, 'S_IFSOCK'],
  [0o120000, 'S_IFLNK'],
  [0o100000, 'S_IFREG'],
  [0o060000, 'S_IFBLK'],
  [0o040000, 'S_IFDIR'],
  [0o020000, 'S_IFCHR'],
  [0o010000, 'S_IFIFO'],
])

/** S_IFREG|0644 */
export function modeText(n: number): string {
  const rest = `0${(n & 0o7777).toString(8)}`
  const kind = n & 0o170000
  return kind === 0 ? rest : `${KINDS.get(kind) ?? `0${kind.toString(8)}`}|${rest}`
}

/** [SIGINT SIGTERM], or ~[] with those that are missing when most are there. */
function signalsText(mask: bigint): string {
  const names = (m: bigint) => {
    const found: string[] = []
    for (let i = 0n; i < 64n; i++) if ((m >> i) & 1n) found.push(signalName(Number(i) + 1) ?? `${i + 1n}`)
    return found
  }
  const there = names(mask)
  if (there.length <= 32) return `[${there.join(' ')}]`
  return `~[${names(BigInt.asUintN(64, ~mask)).join(' ')}]`
}
