// evt.args without strings: what renderArgs makes, written straight into the line by a function that is generated for each
// kind of event. Parameter types that programs show all the time are written in place; the rest, and every unusual value,
// goes through the renderers. Generated text is made of numbers, and of the names of WRITERS; texts are passed as constants.
import type { FieldContext } from '../fields/field.js'
import type { RowForm } from '../model/batch.js'
import type { Event } from '../model/event.js'
import { flagKind } from '../schema/flags/convert.js'
import { rowLayout } from '../schema/layout.js'
import type { EventDef, FlagTable, ParamDef } from '../schema/types.js'
import { type LastDir, type Remembered, WRITERS } from './arg-writers.js'
import type { ByteWriter } from './bytes.js'
import { flagCache, VALUES } from './flags.js'
import { absentText } from './param.js'
import { Piece } from './piece.js'

type Append = (out: ByteWriter, e: Event, ctx: FieldContext) => void

interface Compiled {
  readonly def: EventDef
  readonly append: Append
}

const NOTHING = new Piece('')

const compiled: (Compiled | undefined)[] = []
const compiledForms = new WeakMap<RowForm, Compiled>()

/** Appends all arguments of the event as renderArgs prints them. */
export function appendArgs(out: ByteWriter, e: Event, ctx: FieldContext): void {
  const type = e.batch.type[e.row] as number
  const form = e.form
  let c = form === undefined ? compiled[type] : compiledForms.get(form)
  if (c === undefined || c.def !== e.def) {
    c = { def: e.def, append: compile(e) }
    if (form === undefined) compiled[type] = c
    else compiledForms.set(form, c)
  }
  c.append(out, e, ctx)
}

/** Generates the function for events shaped like the one under the cursor. */
function compile(e: Event): Append {
  const layout = rowLayout(e.def)
  const constants: unknown[] = []
  const constant = (value: unknown) => `k[${constants.push(value) - 1}]`
  const lines = e.shown.map((p, i) => {
    const place = e.shownAt(i)
    const label = constant(new Piece(`${i > 0 ? ' ' : ''}${p.name}=`))
    const absent = `out.piece(${constant(new Piece(absentText(p)))})`
    const slow = `rendered(out,e,${i},${p.type === 'bytebuf' || p.type === 'dyn'},ctx)`
    const offset = layout.offset[place] as number
    const fast = offset < -1 ? variable(p, -2 - offset, layout.fixed, constant) : fixed(p, offset, constant)
    const write = p.onlyIf !== undefined || fast === undefined ? slow : `if(${fast})${slow}`
    return `out.piece(${label});if(absent&${1 << place})${absent};else{${write}}`
  })
  const body = `return (out,e,ctx)=>{const b=e.batch,v=b.view,row=e.row,absent=b.absent[row],a=b.argOff[row];${lines.join('\n')}}`
  return new Function('k', ...Object.keys(WRITERS), body)(constants, ...Object.values(WRITERS)) as Append
}

/** Expression that writes a fixed parameter; true when it did nothing, and the renderers must. */
function fixed(p: ParamDef, offset: number, constant: (value: unknown) => string): string | undefined {
  const n = read(p, offset)
  switch (p.type) {
    case 'errno':
      return `errno(out,${n})`
    case 'fd':
    case 'fd32':
      return p.fdFor === undefined ? `fd(out,e,ctx,${n})` : undefined
    case 'pid':
    case 'pid32':
      return `pid(out,ctx,${n})`
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'uint64':
      if (p.flags !== undefined || p.names !== undefined || p.fmt === 'oct' || p.wire === 'ret') return undefined
      return p.fmt === 'hex' ? `hexadecimal(out,${n})` : `decimal(out,${n})`
    default: {
      const kind = flagKind(p.type)
      if (kind === undefined || p.type === 'mode' || p.flags === undefined || p.names !== undefined) return undefined
      const last: Remembered = { raw: Number.NaN, values: 0, text: NOTHING }
      const caches = VALUES.map((of) => flagCache(p.flags as FlagTable, kind, of))
      return `flags(out,valuesOf(b),${n},${constant(last)},${constant(caches)})`
    }
  }
}

/** Expression for the value of a fixed parameter; NaN when a Number does not hold it exactly. */
function read(p: ParamDef, offset: number): string {
  if (offset === -1) return 'b.ret[row]'
  switch (p.wire) {
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

/** Expression that writes the k-th variable parameter; true when it did nothing. */
function variable(
  p: ParamDef,
  k: number,
  fixedBytes: number,
  constant: (value: unknown) => string,
): string | undefined {
  const at = `varAt(v,a+${fixedBytes},${k})`
  switch (p.type) {
    case 'charbuf':
      return `text(out,b,${at})`
    case 'fspath':
    case 'fsrelpath':
      return `path(out,e,${at},${p.dirfd ?? -1},${constant({ dir: '', usable: false, epoch: -1, at: 0, length: 0, escapes: undefined } satisfies LastDir)})`
    case 'bytebuf':
      return `buffer(out,b,${at},ctx)`
    default:
      return undefined
  }
}
