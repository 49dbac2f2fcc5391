// Of which fields kernel and files have other values than those that a redaction lets through: who plans by a filter must know.
import { type CheckedFilter, type IsOpaque, withOpaque } from '../filter/index.js'
import { MASK } from './hash.js'
import type { Redaction } from './redaction.js'
import { Rules } from './rules.js'
import { TARGET } from './targets.js'

/** What the kernel compares and files list by names of their own: what it is, and the argument of events that tells it. */
const BY_NAME: Readonly<Record<string, readonly [targets: number, argument: string]>> = {
  comm: [TARGET.NAME, 'comm'],
  userName: [TARGET.USER, 'name'],
}

/** A filter about what a redaction lets through, as planners are to see it. */
export function throughRedaction(filter: CheckedFilter, redaction: Redaction | undefined): CheckedFilter {
  const opaque = opaqueFields(redaction)
  return opaque === undefined ? filter : withOpaque(filter, opaque)
}

/** Tells for a redaction whether a field's values are others; undefined where it only leaves things out, which hides nothing. */
export function opaqueFields(redaction: Redaction | undefined): IsOpaque | undefined {
  if (redaction === undefined || redaction.rules.length === 0) return undefined
  const rules = new Rules(redaction)
  const drops = redaction.rules.some((r) => r.action === 'drop')
  return ({ def }, constants) => {
    // numbers and kinds are what they were
    if (def.property !== undefined && !Object.hasOwn(BY_NAME, def.property)) return false
    const is = def.property === undefined ? undefined : BY_NAME[def.property]
    if (is === undefined) return true
    const editor = rules.editor(...is)
    if (editor === undefined) return false
    // a name in which nothing is found is nobody else's, unless what stands for others is in it
    return drops || constants.length === 0 || !constants.every((c) => isItself(c) && editor.text(c as string) === c)
  }
}

function isItself(name: unknown): boolean {
  return typeof name === 'string' && !name.includes('#') && !name.includes(MASK)
}
