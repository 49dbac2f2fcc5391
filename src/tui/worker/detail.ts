// Details of one event: every field with a value, every argument, its data.
import type { FieldContext } from '../../fields/field.js'
import { CLASSES, registry } from '../../fields/index.js'
import { compileTemplate } from '../../format/template/template.js'
import type { Event } from '../../model/event.js'
import { renderParam } from '../../render/args/args.js'
import { ByteWriter } from '../../render/bytes/byte-writer.js'
import { withData } from './context.js'
import type { DataStyle, Detail } from './messages.js'

/** Maximum length of a value. */
const LONGEST = 4096

/** Describes the event under the cursor. */
export function detailOf(e: Event, given: FieldContext, style: DataStyle): Omit<Detail, 'kind' | 'id'> {
  const ctx = withData(given, style)
  const masked = style === 'masked'
  const args: [string, string][] = []
  for (const [k, p] of e.shown.entries()) {
    const arg = e.has(e.shownAt(k)) ? renderParam(e, k, ctx) : undefined
    if (arg !== undefined) args.push([p.name, arg.slice(0, LONGEST)])
  }
  const sections = CLASSES.map((c) => ({ title: c.doc, fields: valuesOf(Object.keys(c.fields), e, ctx, masked) }))
  const data = registry.find('evt.buffer').def.make(ctx, undefined)(e)
  return {
    title: `event ${e.num}: ${e.def.name}`,
    sections: [{ title: 'Arguments', fields: args }, ...sections].filter((s) => s.fields.length > 0),
    data: data instanceof Uint8Array ? (masked ? data.length : Uint8Array.from(data)) : undefined,
  }
}

const LEFT_OUT = new Set(['evt.args', 'evt.buffer', 'evt.plugininfo', 'proc.env', 'evt.asynctype'])

/** masked: without fields that contain data */
function valuesOf(names: readonly string[], e: Event, ctx: FieldContext, masked: boolean): [string, string][] {
  const bytes = new ByteWriter(1024)
  const out: [string, string][] = []
  for (const name of names) {
    const def = registry.get(name)
    if (def === undefined || def.removed !== undefined || def.arg?.need === 'required' || def.print === false) continue
    if (masked && def.needs?.includes('buffers')) continue
    if (LEFT_OUT.has(name) || /^evt\.(count|deltatime)/.test(name)) continue
    if (def.make(ctx, undefined)(e) === undefined) continue
    bytes.clear()
    compileTemplate(`*%${name}`, registry, ctx).append(bytes, e)
    const text = Buffer.from(bytes.view()).toString('utf8').trimEnd()
    if (text !== '') out.push([name, text.slice(0, LONGEST)])
  }
  return out
}
