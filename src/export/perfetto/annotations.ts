// The arguments of an event as annotations: plain numbers as numbers, other values as the text of lines.
import type { FieldContext } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import { appendParam } from '../../render/args/args.js'
import type { ParamDef } from '../../schema/types.js'
import type { Sequence } from './sequence.js'
import { ANNOTATION, EVENT } from './wire.js'

/** Types whose values are plain numbers, unless they are errors. */
const NUMBERS: ReadonlySet<string> = new Set([
  ...['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'],
  ...['errno', 'port', 'reltime'],
])

/** Adds the shown arguments of an event to the open track event. */
export function annotate(sequence: Sequence, e: Event, ctx: FieldContext): void {
  const { out } = sequence
  const { shown } = e
  for (let k = 0; k < shown.length; k++) {
    const def = shown[k] as ParamDef
    const p = e.shownAt(k)
    if (p < 0 || !e.has(p)) continue
    const annotation = out.open(EVENT.debugAnnotations)
    out.uintField(ANNOTATION.nameIid, sequence.iid('annotationNames', def.name))
    const n = isNumber(def) ? e.number(p) : undefined
    if (n !== undefined && n >= 0 && Number.isSafeInteger(n)) out.intField(ANNOTATION.intValue, n)
    else {
      const text = out.open(ANNOTATION.stringValue)
      appendParam(out, e, k, ctx)
      out.close(text)
    }
    out.close(annotation)
  }
}

function isNumber({ type, fmt, flags, names, makes }: ParamDef): boolean {
  return NUMBERS.has(type) && fmt === 'dec' && flags === undefined && names === undefined && makes === undefined
}
