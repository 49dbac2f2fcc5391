// What the fields of a filter and of the output require from the capture.
import type { FieldDef } from '../fields/field.js'
import { holdsData, isStruct } from '../schema/data-params.js'
import { EVENTS } from '../schema/events/index.js'
import type { ParamDef } from '../schema/types.js'
import type { FieldRegistry } from './registry.js'

export type Need = NonNullable<FieldDef['needs']>[number]

/** Which parameters the generic fields need it for; other needs hold for all parameters. */
const NEEDED_FOR: { readonly [N in Need]?: (p: ParamDef) => boolean } = { buffers: holdsData, structs: isStruct }

const namesOf = new Map<Need, ReadonlySet<string>>()

/** Whether a parameter of that name is one that needs this. */
function isNeededFor(need: Need, name: string): boolean {
  const needs = NEEDED_FOR[need]
  if (needs === undefined) return true
  let names = namesOf.get(need)
  if (names === undefined) {
    names = new Set(EVENTS.flatMap((d) => d?.params.filter(needs).map((p) => p.name) ?? []))
    namesOf.set(need, names)
  }
  return names.has(name)
}

/** The requirements of fields, given as text that the registry resolves. */
export function needsOf(fields: FieldRegistry, texts: Iterable<string>): Set<Need> {
  const needs = new Set<Need>()
  for (const text of texts) {
    const use = fields.find(text)
    const named = (use.name === 'evt.arg' || use.name === 'evt.rawarg') && !/^\d*$/.test(use.arg ?? '')
    for (const need of use.def.needs ?? []) {
      if (!named || isNeededFor(need, use.arg as string)) needs.add(need)
    }
  }
  return needs
}
