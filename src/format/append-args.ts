// evt.args without strings: what renderArgs makes, written straight into the line by a function that is generated for each
// kind of event. Nearly all values are written in place; the rest, and every unusual one, goes through the renderers.
// Generated text is made of numbers, and of the names of WRITERS; texts are passed as constants.
import type { FieldContext } from '../fields/field.js'
import type { RowForm } from '../model/batch.js'
import type { Event } from '../model/event.js'
import { flagKind } from '../schema/flags/convert.js'
import { type RowLayout, rowLayout } from '../schema/layout.js'
import type { EventDef, ParamDef } from '../schema/types.js'
import { noDir } from './arg-paths.js'
import { WRITERS } from './arg-writers.js'
import type { ByteWriter } from './bytes.js'
import { VALUES } from './flags.js'
import { KeptTexts } from './kept-texts.js'
import { absentText } from './param.js'
import { Piece } from './piece.js'
import { shapeWriter } from './shape.js'

type Append = (out: ByteWriter, e: Event, ctx: FieldContext) => void

interface Compiled {
  readonly def: EventDef
  readonly append: Append
}

const compiled: (Compiled | undefined)[] = []
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

/** Makes the function of one kind of event. Methods that return an expression: it is true when it wrote nothing. */
class Compiler {
  private readonly layout: RowLayout
  private readonly constants: unknown[] = []

  constructor(private readonly def: EventDef) {
    this.layout = rowLayout(def)
  }

  /** The function for events shaped like the one under the cursor. */
  compile(e: Event): Append {
    const lines = e.shown.map((p, k) => this.line(p, k, e.shownAt(k)))
    const body = `return (out,e,ctx)=>{const b=e.batch,v=b.view,row=e.row,absent=b.absent[row],a=b.argOff[row];${lines.join('\n')}}`
    return new Function('k', ...Object.keys(WRITERS), body)(this.constants, ...Object.values(WRITERS)) as Append
  }

  private constant(value: unknown): string {
    return `k[${this.constants.push(value) - 1}]`
  }

  /** Writes the k-th shown parameter, which has that place in the definition. */
  private line(p: ParamDef, k: number, place: number): string {
    const label = this.constant(new Piece(`${k > 0 ? ' ' : ''}${p.name}=`))
    const absent = `out.piece(${this.constant(new Piece(absentText(p)))})`
    const slow = `rendered(out,e,${k},${p.type === 'bytebuf' || p.type === 'dyn'},ctx)`
    const fast = p.wire === 'var' ? this.variable(p, place) : this.fixed(p, k, place)
    const write = fast === undefined ? slow : `if(${fast})${slow}`
    return `out.piece(${label});if(absent&${1 << place})${absent};else{${write}}`
  }

  private fixed(p: ParamDef, k: number, place: number): string | undefined {
    const n = this.number(place)
    const { fdFor, onlyIf } = p
    if (onlyIf !== undefined && (p.names !== undefined || p.flags !== undefined)) return undefined
    const write = this.value(p, k, n)
    if (write === undefined) return undefined
    if (fdFor !== undefined)
      return `${n}<0||!b.native||${this.isOneOf(fdFor.param, fdFor.values)}?${write}:named(out,e,${n},${this.constant(p)})`
    return onlyIf === undefined ? write : `${this.looksAt(onlyIf)}?${write}:decimal(out,0)`
  }

  /** Writes a number `n`, which may be NaN when a Number does not hold it exactly. */
  private value(p: ParamDef, k: number, n: string): string | undefined {
    switch (p.type) {
      case 'errno':
        return `result(out,${n})`
      case 'fd':
      case 'fd32':
        return `fd(out,e,ctx,${n})`
      case 'pid':
      case 'pid32':
        return `pid(out,ctx,${n})`
    }
    if (!isByValue(p)) return undefined
    if (isPlain(p) && p.fmt === 'hex') return `hexadecimal(out,${n})`
    if (isPlain(p) && p.fmt !== 'oct')
      return p.wire === 'ret' ? `b.native?result(out,${n}):decimal(out,${n})` : `decimal(out,${n})`
    return `byValue(out,e,ctx,${k},${n},${this.constant(VALUES.map(() => new KeptTexts()))})`
  }

  private variable(p: ParamDef, place: number): string | undefined {
    const at = `varAt(v,a+${this.layout.fixed},${-2 - (this.layout.offset[place] as number)})`
    switch (p.type) {
      case 'charbuf':
        return `text(out,b,${at})`
      case 'fspath':
      case 'fsrelpath':
        return `path(out,e,${at},${p.dirfd ?? -1},${this.constant(noDir())})`
      case 'bytebuf':
        return `buffer(out,b,${at},ctx)`
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

/** A number without names. */
const isPlain = (p: ParamDef) => /^u?int/.test(p.type) && p.flags === undefined && p.names === undefined

/** Whether the text of a parameter depends on nothing but its number, and on whose values they are. */
function isByValue(p: ParamDef): boolean {
  // a function that takes the row may ask it
  if (p.names !== undefined && p.names.length > 1) return false
  return OF_VALUES.has(p.type) || flagKind(p.type) !== undefined || /^u?int/.test(p.type)
}

const OF_VALUES: ReadonlySet<ParamDef['type']> = new Set(['bool', 'port', 'sigset', 'sigtype', 'syscallid'])
