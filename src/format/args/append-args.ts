// evt.args without strings: what renderArgs makes, written straight into the line by a function that is generated for each
// kind of event. Nearly all values are written in place; the rest, and every unusual one, goes through the renderers.
// Generated text is made of numbers, and of the names of WRITERS; texts are passed as constants.
import type { FieldContext } from '../../fields/field.js'
import type { RowForm } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { CODE_LIMIT } from '../../schema/codes.js'
import { flagKind } from '../../schema/flags/convert.js'
import { type RowLayout, rowLayout } from '../../schema/layout.js'
import type { EventDef, ParamDef } from '../../schema/types.js'
import type { ByteWriter } from '../bytes/byte-writer.js'
import { Piece } from '../bytes/encoded-text.js'
import { KeptTexts } from '../bytes/number-text-cache.js'
import { shapeWriter } from '../structs/writer.js'
import { VALUES } from './flags.js'
import { absentText } from './param.js'
import { WRITERS } from './writers.js'

type Append = (out: ByteWriter, e: Event, ctx: FieldContext) => void

interface Compiled {
  readonly def: EventDef
  readonly append: Append
}

/** by event code; made in full, since an array that grows by leaps becomes a slow one */
const compiled = new Array<Compiled | undefined>(CODE_LIMIT).fill(undefined)
const compiledForms = new WeakMap<RowForm, Compiled>()

/** Appends all arguments of the event as renderArgs prints them. */
export function appendArgs(out: ByteWriter, e: Event, ctx: FieldContext): void {
  const type = e.batch.type[e.row] as number
  const form = e.form
  let c = form === undefined ? compiled[type] : compiledForms.get(form)
  if (c === undefined || c.def !== e.def) {
    c = { def: e.def, append: new Compiler(e.def).compile(e) }
    if (form === undefined) compiled[type] = c
    else compiledForms.set(form, c)
  }
  c.append(out, e, ctx)
}

/**
 * Makes the function of one kind of event. What is short and never unusual is written at `at` of the bytes `w`, for which
 * there is always room (Bytes.words); for all else a writer is called, whose result is true when it wrote nothing.
 */
class Compiler {
  private readonly layout: RowLayout
  private readonly constants: unknown[] = []

  constructor(private readonly def: EventDef) {
    this.layout = rowLayout(def)
  }

  /** The function for events shaped like the one under the cursor. */
  compile(e: Event): Append {
    const lines = e.shown.map((p, k) => this.line(p, k, e.shownAt(k)))
    const body = `return (out,e,ctx)=>{
const b=e.batch,v=b.view,row=e.row,absent=b.absent[row],a=b.argOff[row]
let w=out.ready(),at=out.length
${lines.join('\n')}
out.length=at}`
    return new Function('k', ...Object.keys(WRITERS), body)(this.constants, ...Object.values(WRITERS)) as Append
  }

  private constant(value: unknown): string {
    return `k[${this.constants.push(value) - 1}]`
  }

  /** Writes the k-th shown parameter, which has that place in the definition. */
  private line(p: ParamDef, k: number, place: number): string {
    const slow = `rendered(out,e,${k},${p.type === 'bytebuf' || p.type === 'dyn'},ctx)`
    const variable = p.wire === 'var' ? this.variable(p, place) : undefined
    const write = variable === undefined ? (this.fixed(p, k, place, slow) ?? called(slow)) : called(variable, slow)
    return `${own(`${k > 0 ? ' ' : ''}${p.name}=`)}if(absent&${1 << place}){${own(absentText(p))}}else{${write}}`
  }

  private fixed(p: ParamDef, k: number, place: number, slow: string): string | undefined {
    if (p.wire === 'var') return undefined
    const { fdFor, onlyIf } = p
    if (onlyIf !== undefined && !isPlain(p)) return undefined
    const write = this.value(p, k, slow)
    if (write === undefined) return undefined
    const n = `const n=${this.number(place)};`
    if (fdFor !== undefined)
      return `${n}if(n<0||!b.native||${this.isOneOf(fdFor.param, fdFor.values)}){${write}}else{${called(`named(out,e,n,${this.constant(p.names)})`, slow)}}`
    return onlyIf === undefined ? n + write : `${n}if(${this.looksAt(onlyIf)}){${write}}else{${own('0')}}`
  }

  /** Writes the number `n`, which is NaN when a Number does not hold it exactly. */
  private value(p: ParamDef, k: number, slow: string): string | undefined {
    switch (p.type) {
      case 'errno':
        return `if(${isShort(p)})at=digits(w,at,n);else{${called('result(out,n)', slow)}}`
      case 'fd':
      case 'fd32':
        return called('fd(out,e,ctx,n)', slow)
      case 'pid':
      case 'pid32':
        return called('pid(out,ctx,n)', slow)
    }
    if (asksRow(p))
      return p.fmt === 'dec' && p.flags === undefined
        ? called(`named(out,e,n,${this.constant(p.names)})`, slow)
        : undefined
    if (!isByValue(p)) return undefined
    if (isPlain(p) && p.fmt === 'hex') return called('hexadecimal(out,n)', slow)
    if (isPlain(p) && p.fmt !== 'oct') {
      const unusual = p.wire === 'ret' ? 'b.native?result(out,n):decimal(out,n)' : 'decimal(out,n)'
      return `if(${isShort(p)})at=digits(w,at,n);else{${called(unusual, slow)}}`
    }
    return called(`byValue(out,e,ctx,${k},n,${this.constant(VALUES.map(() => new KeptTexts()))})`, slow)
  }

  private variable(p: ParamDef, place: number): string | undefined {
    const at = `varAt(v,a+${this.layout.fixed},${-2 - (this.layout.offset[place] as number)})`
    switch (p.type) {
      case 'charbuf':
        return `text(out,b,${at})`
      case 'fspath':
      case 'fsrelpath':
        return `path(out,e,${at},${p.dirfd ?? -1})`
      case 'bytebuf':
        return p.shape === undefined
          ? `${p.messages ? `messages(out,e,${at},ctx)&&` : ''}buffer(out,b,${at},ctx)`
          : `!b.native||v.getUint16(${at}-2,true)===0||struct(out,b,${at},${this.constant(shapeWriter(p.shape))},${this.constant(shapeWriter(p.shape))})`
      case 'socktuple':
        return `tuple(out,b,${at},ctx)`
      case 'sockaddr':
        return `address(out,b,${at},ctx)`
      case 'struct':
        if (p.cases !== undefined)
          return `absent&${1 << p.cases.by}||structOf(out,b,${at},${this.number(p.cases.by)},${this.constant(p.cases)})`
        if (p.shape === undefined) return undefined
        return `struct(out,b,${at},${this.constant(shapeWriter(p.shape))},${this.constant(shapeWriter(p.shape.arm64 ?? p.shape))})`
      default:
        return undefined
    }
  }

  /** Whether the kernel looked at an argument (ParamDef.onlyIf); what is not known to be otherwise was looked at. */
  private looksAt({ param, is, any }: NonNullable<ParamDef['onlyIf']>): string {
    const n = this.number(param)
    return `(!b.native||absent&${1 << param}||${is === undefined ? `${n}&${any ?? 0}` : `${n}===${is}`})`
  }

  private isOneOf(place: number, values: readonly number[]): string {
    const n = this.number(place)
    return `(!(absent&${1 << place})&&(${values.map((value) => `${n}===${value}`).join('||')}))`
  }

  /** Value of a fixed parameter; NaN when a Number does not hold it exactly. */
  private number(place: number): string {
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

/** Writes text of our own, eight bytes at a time: it is in the generated text as numbers. */
function own(text: string): string {
  const piece = new Piece(text)
  const stores = Array.from(piece.words, (word, i) => `w.setFloat64(at+${i * 8},${word},true);`)
  return `${stores.join('')}at+=${piece.length};`
}

/** Calls a writer; `slow` writes when it did not. */
function called(writer: string, slow = ''): string {
  return `out.length=at;${slow === '' ? writer : `if(${writer})${slow}`};w=out.ready();at=out.length;`
}

/** Whether `n` has only digits. Results are doubles, of which a damaged file may hold any. */
const isShort = (p: ParamDef) => (p.wire === 'ret' ? 'n>=0&&n===(n|0)' : 'n>=0')

/** A number without names. */
const isPlain = (p: ParamDef) => /^u?int/.test(p.type) && p.flags === undefined && p.names === undefined

/** Whether the name of a number may depend on more than that. */
const asksRow = (p: ParamDef) => p.names !== undefined && p.names.length > 1

/** Whether the text of a parameter depends on nothing but its number, and on whose values they are. */
function isByValue(p: ParamDef): boolean {
  return OF_VALUES.has(p.type) || flagKind(p.type) !== undefined || /^u?int/.test(p.type)
}

const OF_VALUES: ReadonlySet<ParamDef['type']> = new Set(['bool', 'port', 'sigset', 'sigtype', 'syscallid'])
