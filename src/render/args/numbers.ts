// Writes numbers: as digits, or with names from their declaration.
import type { Event } from '../../model/event.js'
import { errnoName } from '../../schema/errno.js'
import { flagKind } from '../../schema/flags/convert.js'
import type { ParamDef } from '../../schema/types.js'
import type { ByteWriter } from '../bytes/byte-writer.js'
import type { EncodedText } from '../bytes/encoded-text.js'
import { NumberTextCache } from '../bytes/number-text-cache.js'
import { escapeText } from '../escape.js'
import { flagCache, VALUES, valuesOf, wasRead } from './flags.js'
import { numberText, octal } from './number-text.js'
import { type WriteNumber, writeMeaning } from './write.js'

const TWO32 = 4294967296
/** errors are not lower than this */
const LOWEST_ERROR = -4095

type Texts = readonly [value: string, resolved: string | undefined]

/** Returns the texts of a number, which may have been rounded. */
type NumberText = (n: number, e: Event) => Texts

/**
 * Writes numbers whose texts depend only on the number and the kind of batch: texts are cached, as few values are
 * frequent.
 */
export function cachedText(p: number, textsOf: NumberText): WriteNumber {
  const texts = VALUES.map(() => new NumberTextCache())
  const rounded = rowText(p, textsOf)
  return (out, e, ctx, n) => {
    if (Number.isNaN(n)) {
      rounded(out, e, ctx, n)
      return
    }
    const low = n | 0
    const high = low === n ? low >> 31 : Math.floor(n / TWO32)
    const cache = texts[valuesOf(e.batch)] as NumberTextCache
    appendCached(out, cache.find(low, high) ?? cacheText(cache, low, high, textsOf(n, e)))
  }
}

function cacheText(texts: NumberTextCache, low: number, high: number, [value, resolved]: Texts): EncodedText {
  return resolved === undefined
    ? texts.add(low, high, escapeText(value))
    : texts.add(low, high, escapeText(`${value}(${resolved})`), value.length + 1)
}

function appendCached(out: ByteWriter, encoded: EncodedText): void {
  if (encoded.mark >= 0) out.resolved = out.length + encoded.mark
  out.encoded(encoded)
}

/** Writes numbers whose texts depend on the row. */
function rowText(p: number, textsOf: NumberText): WriteNumber {
  return (out, e, _, n) => {
    const [value, resolved] = textsOf(Number.isNaN(n) ? (e.number(p) as number) : n, e)
    out.text(value)
    writeMeaning(out, resolved)
  }
}

/** Integers, with the names of a function or a flag table if declared; negative results are errors. */
export function number(p: number, def: ParamDef): WriteNumber {
  const { flags, names, fmt, wire } = def
  if (isPlain(def) && fmt !== 'oct') return fmt === 'hex' ? hexadecimal(p, def) : decimal(p, wire === 'ret')
  const textsOf: NumberText = (n, e) => {
    const { native } = e.batch
    if (!native) return [numberText(e, p, n, fmt, wire), undefined]
    const resolved = names !== undefined ? names(n, e) : wire === 'ret' && n < 0 ? errnoName(n) : undefined
    if (flags === undefined) return [numberText(e, p, n, fmt, wire), resolved]
    const portable = flagCache(flags, 'flags', e.batch).get(n).value
    return [portable.toString(fmt === 'hex' ? 16 : 10).toUpperCase(), resolved]
  }
  return ifRead(def, namesDependOnRow(def) ? rowText(p, textsOf) : cachedText(p, textsOf))
}

/** Writes 0 if the kernel did not read the argument (ParamDef.onlyIf). */
function ifRead(def: ParamDef, write: WriteNumber): WriteNumber {
  if (def.onlyIf === undefined) return write
  return (out, e, ctx, n) => {
    if (wasRead(e, def)) write(out, e, ctx, n)
    else out.int(0)
  }
}

/** Values of a table: bits, or one of several. */
export function flags(p: number, def: ParamDef): WriteNumber {
  const kind = flagKind(def.type)
  const table = def.flags
  if (kind === undefined || table === undefined) return number(p, def)
  const caches = VALUES.map((of) => flagCache(table, kind, of))
  const isMode = def.type === 'mode'
  const textsOf: NumberText = (n, e) => {
    const own = e.batch.native ? def.names?.(n, e) : undefined
    const seen = wasRead(e, def)
    if (!seen && own !== undefined) return [`${n}`, own]
    const t = (caches[seen ? valuesOf(e.batch) : 0] as (typeof caches)[number]).get(seen ? n : 0)
    return [isMode ? octal(t.value) : t.text, own ?? t.names]
  }
  return def.onlyIf !== undefined || namesDependOnRow(def) ? rowText(p, textsOf) : cachedText(p, textsOf)
}

/** Results; negative ones are errors. */
export function errno(p: number): WriteNumber {
  return (out, e, _, n) => {
    if (n < 0) error(out, n)
    else exactDecimal(out, e, p, n)
  }
}

/** Whether the text of a non-negative value is just its digits, if a Number represents it exactly. */
export function isDigits(def: ParamDef): boolean {
  return def.type === 'errno' || (isPlain(def) && def.fmt !== 'hex' && def.fmt !== 'oct')
}

const INTEGERS = /^(u?int\d+|port|syscallid)$/

/** Integers without names that the kernel always reads. */
function isPlain({ type, flags, names, onlyIf }: ParamDef): boolean {
  return INTEGERS.test(type) && flags === undefined && names === undefined && onlyIf === undefined
}

/** Whether names depend on more than the number. */
function namesDependOnRow({ names }: ParamDef): boolean {
  return names !== undefined && names.length > 1
}

function decimal(p: number, isResult: boolean): WriteNumber {
  return (out, e, _, n) => {
    if (isResult && n < 0 && e.batch.native) error(out, n)
    else exactDecimal(out, e, p, n)
  }
}

function hexadecimal(p: number, { fmt, wire }: ParamDef): WriteNumber {
  const unusual = rowText(p, (n, e) => [
    numberText(e, p, n, fmt, wire),
    wire === 'ret' && n < 0 && e.batch.native ? errnoName(n) : undefined,
  ])
  return (out, e, ctx, n) => {
    if (n >= 0 && n <= Number.MAX_SAFE_INTEGER) out.hex(n | 0, Math.floor(n / TWO32))
    else unusual(out, e, ctx, n)
  }
}

/** A decimal number, exact even if a Number is not. */
function exactDecimal(out: ByteWriter, e: Event, p: number, n: number): void {
  if (Number.isNaN(n)) out.trusted(numberText(e, p, e.number(p) as number, 'dec', 'u64'))
  else out.int(n)
}

const errors = new NumberTextCache()

/** A negative number, with the name of the error. */
export function error(out: ByteWriter, n: number): void {
  if (n < LOWEST_ERROR) out.int(n)
  else appendCached(out, errors.find(n, 0) ?? cacheText(errors, n, 0, [`${n}`, errnoName(n)]))
}
