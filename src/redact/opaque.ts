// Fields whose values in the kernel and in files differ from the redacted ones ("opaque" fields): planners must not use them.
import { type CheckedFilter, type IsOpaque, withOpaque } from '../filter/index.js'
import { MASK } from './hash.js'
import type { Redaction } from './redaction.js'
import { Rules } from './rules.js'
import { TARGET } from './targets.js'

/** Properties that the kernel and block indexes compare by name: their targets, and the event argument that contains the name. */
const BY_NAME: Readonly<Record<string, readonly [targets: number, argument: string]>> = {
  comm: [TARGET.NAME, 'comm'],
  userName: [TARGET.USER, 'name'],
}

/** A filter on redacted values, for planners. */
export function throughRedaction(filter: CheckedFilter, redaction: Redaction | undefined): CheckedFilter {
  const opaque = opaqueFields(redaction)
  return opaque === undefined ? filter : withOpaque(filter, opaque)
}

/** A test whether a redaction changes a field's values; undefined if the redaction only omits values, which makes no field opaque. */
export function opaqueFields(redaction: Redaction | undefined): IsOpaque | undefined {
  if (redaction === undefined || redaction.rules.length === 0) return undefined
  const rules = new Rules(redaction)
  const drops = redaction.rules.some((r) => r.action === 'drop')
  return ({ def }, constants) => {
    // numbers and kinds are not changed
    if (def.property !== undefined && !Object.hasOwn(BY_NAME, def.property)) return false
    const byName = def.property === undefined ? undefined : BY_NAME[def.property]
    if (byName === undefined) return true
    const editor = rules.editor(...byName)
    if (editor === undefined) return false
    // a constant that no rule changes still identifies the original name, unless it contains # or the mask of a redacted one
    return drops || constants.length === 0 || !constants.every((c) => isPlainName(c) && editor.text(c as string) === c)
  }
}

function isPlainName(name: unknown): boolean {
  return typeof name === 'string' && !name.includes('#') && !name.includes(MASK)
}
