// What the fields of a filter and of the output require from the capture.
import type { FieldDef } from '../fields/field.js'
import { holdsData } from '../schema/data-params.js'
import { EVENTS } from '../schema/events/index.js'
import type { FieldRegistry } from './registry.js'

export type Need = NonNullable<FieldDef['needs']>[number]

let bufferParams: Set<string> | undefined

/** Whether a parameter holds data that was read or written. */
function isBufferParam(name: string): boolean {
  if (bufferParams === undefined) {
    bufferParams = new Set()
    for (const d of EVENTS) for (const p of d?.params ?? []) if (holdsData(p)) bufferParams.add(p.name)
  }
  return bufferParams.has(name)
}

/** The requirements of fields, given as text that the registry resolves. */
export function needsOf(fields: FieldRegistry, texts: Iterable<string>): Set<Need> {
  const needs = new Set<Need>()
  for (const text of texts) {
    const use = fields.find(text)
    const named = (use.name === 'evt.arg' || use.name === 'evt.rawarg') && !/^\d*$/.test(use.arg ?? '')
    for (const need of use.def.needs ?? []) {
      if (need === 'buffers' && named && !isBufferParam(use.arg as string)) continue
      needs.add(need)
    }
  }
  return needs
}
