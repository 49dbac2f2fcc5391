// Values of flag and enum parameters to libs' portable values and their names.
import type { Event } from '../../model/event.js'
import { type FlagKind, toPortable } from '../../schema/flags/convert.js'
import type { Arch, FlagTable, ParamDef } from '../../schema/types.js'

/** Distinct values kept per table; programs use few, a hostile file may hold any number. */
const CACHE = 1024

interface FlagText {
  /** the portable value */
  readonly value: number
  /** its decimal text */
  readonly text: string
  /** names joined by |, undefined when the table names nothing in it */
  readonly names: string | undefined
}

/** Names of the bits of a portable value, in the table's order; a name for the whole value wins over names of its bits. */
function flagNames(table: FlagTable, kind: FlagKind, value: number): string | undefined {
  const whole = table.entries.filter((entry) => entry[1] === value).map((entry) => entry[0])
  if (whole.length > 0) return kind === 'enum' ? [...new Set(whole)].join('|') : whole[0]
  if (kind === 'enum') return undefined
  const names: string[] = []
  let left = value | 0
  for (const [name, bits] of table.entries) {
    if (bits === 0 || (left & bits) !== (bits | 0)) continue
    names.push(name)
    left &= ~bits
  }
  if (table.own && left !== 0) names.push(`0x${(left >>> 0).toString(16)}`)
  return names.length > 0 ? names.join('|') : undefined
}

/** The same of a kernel value, with the names that libs has not. */
function nativeNames(table: FlagTable, kind: FlagKind, value: number, raw: number): string | undefined {
  const names = table.names?.(raw) ?? flagNames(table, kind, value)
  if (kind === 'enum') {
    const more = table.more?.entries.find(([, v]) => v === raw)?.[0]
    return more ?? (names?.endsWith('UNKNOWN') ? `${names}|0x${(raw >>> 0).toString(16)}` : names)
  }
  const more: string[] = []
  let left = raw | 0
  for (const [name, bits] of table.more?.entries ?? []) {
    if (bits === 0 || (left & bits) !== (bits | 0)) continue
    more.push(name)
    left &= ~bits
  }
  left &= ~knownBits(table)
  if (left !== 0) more.push(`0x${(left >>> 0).toString(16)}`)
  if (more.length === 0) return names
  return (value === 0 || names === undefined ? more : [names, ...more]).join('|')
}

/** Kernel's bits that libs' names and FlagTable.mask stand for; all of them where only a function of the table knows. */
function knownBits({ entries, fromNative, names, own, mask }: FlagTable): number {
  if (own || names !== undefined || (fromNative !== undefined && mask === undefined)) return -1
  return entries.reduce((bits, [, ppm, native = ppm]) => (native > 0 ? bits | native : bits), mask ?? 0)
}

class Cache {
  private readonly texts = new Map<number, FlagText>()
  constructor(
    private readonly table: FlagTable,
    private readonly kind: FlagKind,
    private readonly native: boolean,
  ) {}

  get(raw: number): FlagText {
    let t = this.texts.get(raw)
    if (t === undefined) {
      const value = this.native ? toPortable(this.table, this.kind, raw) : raw
      const names = this.native
        ? nativeNames(this.table, this.kind, value, raw)
        : flagNames(this.table, this.kind, value)
      t = { value, text: `${value}`, names }
      if (this.texts.size >= CACHE) this.texts.clear()
      this.texts.set(raw, t)
    }
    return t
  }
}

const caches = new Map<FlagTable, Record<string, Cache>>()

/** Whose values they are: a batch's. */
type ValuesOf = { readonly native: boolean; readonly arch: Arch }
const PORTABLE: ValuesOf = { native: false, arch: 'x64' }
/** all of them */
export const VALUES: readonly ValuesOf[] = [PORTABLE, { native: true, arch: 'x64' }, { native: true, arch: 'arm64' }]

/** Which of VALUES a batch's are. */
export const valuesOf = (batch: ValuesOf): 0 | 1 | 2 => (batch.native ? (batch.arch === 'arm64' ? 2 : 1) : 0)

/** The texts of one table's values, remembered by value. */
export function flagCache(asked: FlagTable, kind: FlagKind, of: ValuesOf): Cache {
  const { native } = of
  const table = of.native && of.arch === 'arm64' ? (asked.arm64 ?? asked) : asked
  let byKind = caches.get(table)
  if (byKind === undefined) {
    byKind = {}
    caches.set(table, byKind)
  }
  const key = `${kind}${native}`
  let cache = byKind[key]
  if (cache === undefined) {
    cache = new Cache(table, kind, native)
    byKind[key] = cache
  }
  return cache
}

/** Whether the kernel looked at this argument at all (ParamDef.onlyIf); portable values have been decided already. */
export function lookedAt(e: Event, def: ParamDef): boolean {
  const c = def.onlyIf
  if (c === undefined || !e.batch.native) return true
  const n = e.number(c.param)
  if (n === undefined) return true
  return c.is !== undefined ? n === c.is : (n & (c.any ?? 0)) !== 0
}
