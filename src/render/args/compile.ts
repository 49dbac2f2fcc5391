// Generates the function that writes the arguments of one event type, so that each writer has a call site of its own.
// The generated source consists of numbers and names of constants; texts are passed as constants.

import { INEXACT } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { type RowLayout, rowLayout } from '../../schema/layout.js'
import type { EventDef, ParamDef } from '../../schema/types.js'
import type { ByteWriter } from '../bytes/byte-writer.js'
import { digits } from '../bytes/digits.js'
import { EncodedText } from '../bytes/encoded-text.js'
import type { TextContext } from '../context.js'
import { isDigits } from './numbers.js'
import { absentText, bytesWriter, numberWriter } from './types.js'
import { NO_VALUE } from './write.js'

/** Appends arguments of the event under the cursor. */
export type Append = (out: ByteWriter, e: Event, ctx: TextContext) => void

const TWO32 = 4294967296

/** Compiles the function that writes all arguments with their names, for events like the one under the cursor. */
export function compileAll(e: Event): Append {
  const compiler = new Compiler(e.def)
  return compiler.assemble(e.shown.map((p, k) => compiler.labelled(p, k, e.shownAt(k))))
}

/**
 * Compiles the function that writes all arguments in machine-readable form: each followed by a NUL, an absent one as
 * ABSENT.
 */
export function compileValues(e: Event): Append {
  const compiler = new Compiler(e.def)
  return compiler.assemble(e.shown.map((p, k) => compiler.argument(p, e.shownAt(k), ABSENT) + own('\0')))
}

/** Represents an absent argument. Like the NUL after each value, it occurs in no text that is safe to print. */
const ABSENT = '\x01'

/** Compiles the function that writes the k-th shown argument only. */
export function compileOne(e: Event, k: number): Append {
  const compiler = new Compiler(e.def)
  return compiler.assemble([compiler.argument(e.shown[k] as ParamDef, e.shownAt(k))])
}

/**
 * Short and simple values are written inline at offset `at` of the buffer `w`, whose capacity always suffices
 * (ByteBuffer.ready); for all others a writer is called.
 */
class Compiler {
  private readonly layout: RowLayout
  private readonly constants: unknown[] = []

  constructor(private readonly def: EventDef) {
    this.layout = rowLayout(def)
  }

  assemble(lines: readonly string[]): Append {
    const body = `return (out,e,ctx)=>{
const b=e.batch,v=b.view,row=e.row,absent=b.absent[row],a=b.argOff[row]
let w=out.ready(),at=out.length
${lines.join('\n')}
out.length=at}`
    const names = this.constants.map((_, i) => `k${i}`)
    return new Function('digits', 'near', 'wide', 'varAt', ...names, body)(
      digits,
      near,
      wide,
      varAt,
      ...this.constants,
    ) as Append
  }

  /** The k-th shown parameter, with that index in the definition, with its name. */
  labelled(p: ParamDef, k: number, place: number): string {
    const label = own(`${k > 0 ? ' ' : ''}${p.name}=`)
    if (!p.optional) return label + this.argument(p, place)
    return `if(!(absent&${1 << place})){${label}${this.argument(p, place)}}`
  }

  /** absent: the text of an absent argument. */
  argument(p: ParamDef, place: number, absent = absentText(p)): string {
    const write = this.layout.offset[place]! < -1 ? this.bytes(p, place) : this.number(p, place)
    return `if(absent&${1 << place}){${own(absent)}}else{${write}}`
  }

  private bytes(p: ParamDef, place: number): string {
    const writer = bytesWriter(p)
    if (writer === undefined) return own(NO_VALUE)
    const s = `const s=varAt(v,a+${this.layout.fixed},${-2 - (this.layout.offset[place] as number)});`
    return s + called(`${this.constant(writer)}(out,e,ctx,s,s+v.getUint16(s-2,true))`)
  }

  private number(p: ParamDef, place: number): string {
    const writer = numberWriter(place, p)
    if (writer === undefined) return own(NO_VALUE)
    const call = called(`${this.constant(writer)}(out,e,ctx,${p.wire === 'ret' ? 'near(n)' : 'n'})`)
    const n = `const n=${this.value(place)};`
    if (!isDigits(p)) return n + call
    // results are doubles; in a damaged file they may have any value
    return `${n}if(${p.wire === 'ret' ? 'n>=0&&n===(n|0)' : 'n>=0'})at=digits(w,at,n);else{${call}}`
  }

  private constant(value: unknown): string {
    return `k${this.constants.push(value) - 1}`
  }

  /** Value of a fixed-size parameter; NaN if a Number cannot represent it exactly. For results see near(). */
  private value(place: number): string {
    const offset = this.layout.offset[place] as number
    switch (this.def.params[place]?.wire) {
      case 'ret':
        return 'b.ret[row]'
      case 'i8':
        return `v.getInt8(a+${offset})`
      case 'u8':
        return `v.getUint8(a+${offset})`
      case 'i16':
        return `v.getInt16(a+${offset},true)`
      case 'u16':
        return `v.getUint16(a+${offset},true)`
      case 'i32':
        return `v.getInt32(a+${offset},true)`
      case 'u32':
        return `v.getUint32(a+${offset},true)`
      case 'i64':
        return `wide(v.getUint32(a+${offset},true),v.getInt32(a+${offset + 4},true))`
      default:
        return `wide(v.getUint32(a+${offset},true),v.getUint32(a+${offset + 4},true))`
    }
  }
}

/** Writes a constant text, eight bytes at a time: the generated source contains it as numbers. */
function own(text: string): string {
  const encoded = new EncodedText(text)
  const stores = Array.from(encoded.words, (word, i) => `w.setFloat64(at+${i * 8},${word},true);`)
  return `${stores.join('')}at+=${encoded.length};`
}

function called(writer: string): string {
  return `out.length=at;${writer};w=out.ready();at=out.length;`
}

/** A result; NaN if it may have been rounded. */
function near(ret: number): number {
  return Math.abs(ret) < INEXACT ? ret : Number.NaN
}

function wide(low: number, high: number): number {
  return high >= 0x200000 || high < -0x200000 ? Number.NaN : low + high * TWO32
}

/** Start of the bytes of the k-th variable-size parameter; the length of the first one is at `at`. */
function varAt(v: DataView, at: number, k: number): number {
  for (let i = k; i > 0; i--) at += 2 + v.getUint16(at, true)
  return at + 2
}
