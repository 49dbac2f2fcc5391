// Numbers within structures as text: names where declared, otherwise digits in the declared base.
import { ipv4Text, ipv6Text } from '../../model/address.js'
import { errnoName } from '../../schema/errno.js'
import { deviceName, type Shape } from '../../schema/shape.js'
import { signalName } from '../../schema/signals.js'
import type { FlagTable } from '../../schema/types.js'
import type { ByteWriter } from '../bytes/byte-writer.js'
import { NumberTextCache } from '../bytes/number-text-cache.js'

/** Appends the number at `at`, all of whose bytes are available. */
type WriteNumber = (out: ByteWriter, view: DataView, at: number) => void

const LOWER_TEN = 87
const ZERO_X = 0x7830
const TWO32 = 4294967296
const EXACT = 0x200000

/** The writer of numbers with that shape. */
export function numberWriter(shape: Shape): WriteNumber {
  const { look, size } = shape
  switch (look.kind) {
    case 'address':
      return (out, view, at) => {
        const arena = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
        out.trusted(size === 16 ? ipv6Text(arena, at) : ipv4Text(arena, at))
      }
    case 'port':
      return (out, view, at) => out.int(view.getUint16(at, false))
    case 'int':
      if (look.base === 'dec') return look.signed ? SIGNED[size]! : UNSIGNED[size]!
      if (look.base === 'hex' && !look.signed) return HEX[size]!
  }
  return cachedNumber(shape)
}

const SIGNED: Readonly<Record<number, WriteNumber>> = {
  1: (out, v, at) => out.int(v.getInt8(at)),
  2: (out, v, at) => out.int(v.getInt16(at, true)),
  4: (out, v, at) => out.int(v.getInt32(at, true)),
  8: (out, v, at) => {
    const high = v.getInt32(at + 4, true)
    if (high < EXACT && high >= -EXACT) out.int(v.getUint32(at, true) + high * TWO32)
    else out.trusted(`${v.getBigInt64(at, true)}`)
  },
}

const UNSIGNED: Readonly<Record<number, WriteNumber>> = {
  1: (out, v, at) => out.int(v.getUint8(at)),
  2: (out, v, at) => out.int(v.getUint16(at, true)),
  4: (out, v, at) => out.int(v.getUint32(at, true)),
  8: (out, v, at) => {
    const high = v.getUint32(at + 4, true)
    if (high < EXACT) out.int(v.getUint32(at, true) + high * TWO32)
    else out.trusted(`${v.getBigUint64(at, true)}`)
  },
}

const HEX: Readonly<Record<number, WriteNumber>> = {
  1: (out, v, at) => hexadecimal(out, v.getUint8(at), 0),
  2: (out, v, at) => hexadecimal(out, v.getUint16(at, true), 0),
  4: (out, v, at) => hexadecimal(out, v.getInt32(at, true), 0),
  8: (out, v, at) => hexadecimal(out, v.getInt32(at, true), v.getInt32(at + 4, true)),
}

/** 0x and lower case digits; 0 without a prefix. */
function hexadecimal(out: ByteWriter, low: number, high: number): void {
  if ((low | high) !== 0) out.two(ZERO_X)
  out.hex(low, high, LOWER_TEN)
}

/** A writer with cached texts: values of these kinds are mostly the same few. */
function cachedNumber(shape: Shape): WriteNumber {
  const { look, size } = shape
  const signed = look.kind === 'int' ? look.signed : look.kind === 'signal' || look.kind === 'wait'
  const texts = new NumberTextCache()
  const text = (low: number, high: number) =>
    texts.find(low, high) ??
    texts.add(low, high, numberText(shape, size === 8 ? wide(low, high, signed) : signed ? low : low >>> 0))
  switch (size) {
    case 1:
      return (out, v, at) => out.encoded(text(signed ? v.getInt8(at) : v.getUint8(at), 0))
    case 2:
      return (out, v, at) => out.encoded(text(signed ? v.getInt16(at, true) : v.getUint16(at, true), 0))
    case 4:
      return (out, v, at) => out.encoded(text(v.getInt32(at, true), 0))
    default:
      return (out, v, at) => out.encoded(text(v.getInt32(at, true), v.getInt32(at + 4, true)))
  }
}

function wide(low: number, high: number, signed: boolean): bigint {
  const bits = (BigInt(high) << 32n) | BigInt(low >>> 0)
  return signed ? BigInt.asIntN(64, bits) : BigInt.asUintN(64, bits)
}

function numberText({ look }: Shape, n: bigint | number): string {
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
    case 'int':
      if (look.base === 'hex') return n === 0 || n === 0n ? '0' : `0x${n.toString(16)}`
      return look.base === 'oct' ? `0${n.toString(8)}` : `${n}`
    default:
      return `${n}`
  }
}

/** Names of a kernel value: A|B, with unnamed bits as a number. */
function namesText(table: FlagTable, bits: boolean, n: bigint | number, base: 'dec' | 'hex' | 'oct'): string {
  const value = BigInt(n)
  const entries = table.entries.map(([name, ppm, native = ppm]) => [name, BigInt(native)] as const)
  const wide = BigInt.asUintN(64, value)
  const exactName = entries.find(
    ([, v]) => v === value || (v >> 31n === 1n && BigInt.asUintN(64, BigInt.asIntN(32, v)) === wide),
  )
  if (exactName !== undefined) return exactName[0]
  if (!bits) return base === 'hex' ? `0x${value.toString(16)}` : `${value}`
  const names: string[] = []
  let remaining = value
  for (const [name, v] of entries) {
    if (v <= 0n || (remaining & v) !== v) continue
    names.push(name)
    remaining &= ~v
  }
  if (remaining !== 0n || names.length === 0) names.push(remaining === 0n ? '0' : `0x${remaining.toString(16)}`)
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
function modeText(n: number): string {
  const rest = `0${(n & 0o7777).toString(8)}`
  const kind = n & 0o170000
  return kind === 0 ? rest : `${KINDS.get(kind) ?? `0${kind.toString(8)}`}|${rest}`
}

/** [SIGINT SIGTERM], or ~[] with the missing ones if most are set. */
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
