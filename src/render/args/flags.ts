// Values of flag and enum parameters as libs' portable values and names.
import type { Event } from '../../model/event.js'
import { type FlagKind, toPortable } from '../../schema/flags/convert.js'
import type { Arch, FlagTable, ParamDef } from '../../schema/types.js'

/** Distinct values cached per table: programs use few, but a hostile file may contain any number. */
const CACHE = 1024

interface FlagText {
  /** the portable value */
  readonly value: number
  /** its decimal text */
  readonly text: string
  /** names joined by |; undefined if the table has no name for any part of it */
  readonly names: string | undefined
}

/**
 * Names of a portable value, in table order; a name for the complete value takes precedence over names of single bits.
 */
function flagNames(table: FlagTable, kind: FlagKind, value: number): string | undefined {
  const exactNames = table.entries.filter((entry) => entry[1] === value).map((entry) => entry[0])
  if (exactNames.length > 0) return kind === 'enum' ? [...new Set(exactNames)].join('|') : exactNames[0]
  if (kind === 'enum') return undefined
  const names: string[] = []
  let unnamedBits = value | 0
  for (const [name, bits] of table.entries) {
    if (bits === 0 || (unnamedBits & bits) !== (bits | 0)) continue
    names.push(name)
    unnamedBits &= ~bits
  }
  if (table.own && unnamedBits !== 0) names.push(`0x${(unnamedBits >>> 0).toString(16)}`)
  return names.length > 0 ? names.join('|') : undefined
}

/** The same for a kernel value, with names that libs does not have. */
function nativeNames(table: FlagTable, kind: FlagKind, value: number, raw: number): string | undefined {
  const names = table.names?.(raw) ?? flagNames(table, kind, value)
  if (kind === 'enum') {
    const more = table.more?.entries.find(([, v]) => v === raw)?.[0]
    return more ?? (names?.endsWith('UNKNOWN') ? `${names}|0x${(raw >>> 0).toString(16)}` : names)
  }
  const more: string[] = []
  let unnamedBits = raw | 0
  for (const [name, bits] of table.more?.entries ?? []) {
    if (bits === 0 || (unnamedBits & bits) !== (bits | 0)) continue
    more.push(name)
    unnamedBits &= ~bits
  }
  unnamedBits &= ~knownBits(table)
  if (unnamedBits !== 0) more.push(`0x${(unnamedBits >>> 0).toString(16)}`)
  if (more.length === 0) return names
  return (value === 0 || names === undefined ? more : [names, ...more]).join('|')
}

/** The kernel's bits that libs' names and FlagTable.mask cover; all of them if only a function of the table knows. */
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

/** The kind of values in a batch. */
type ValuesOf = { readonly native: boolean; readonly arch: Arch }
const PORTABLE: ValuesOf = { native: false, arch: 'x64' }
/** all kinds */
export const VALUES: readonly ValuesOf[] = [PORTABLE, { native: true, arch: 'x64' }, { native: true, arch: 'arm64' }]

/** Index into VALUES for a batch. */
export const valuesOf = (batch: ValuesOf): 0 | 1 | 2 => (batch.native ? (batch.arch === 'arm64' ? 2 : 1) : 0)

/** The cached texts of one table's values. */
export function flagCache(declared: FlagTable, kind: FlagKind, of: ValuesOf): Cache {
  const { native } = of
  const table = of.native && of.arch === 'arm64' ? (declared.arm64 ?? declared) : declared
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

/** Whether the kernel read this argument at all (ParamDef.onlyIf); for portable values this is already decided. */
export function wasRead(e: Event, def: ParamDef): boolean {
  const c = def.onlyIf
  if (c === undefined || !e.batch.native) return true
  const n = e.number(c.param)
  if (n === undefined) return true
  return c.is !== undefined ? n === c.is : (n & (c.any ?? 0)) !== 0
}
