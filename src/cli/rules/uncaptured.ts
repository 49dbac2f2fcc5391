// Warnings about rules that cannot fire in a live capture, because none of their events can occur on this machine.
import { eventDef } from '../../filter/events.js'
import type { onDemand } from '../../filter/index.js'
import type { CheckedRules } from '../../rules/engine/checked.js'
import { codesOfRules, type RulesByCode } from '../../rules/engine/types-of.js'
import { ARCH_NAMES } from '../../schema/arch.js'
import { EVENTS } from '../../schema/events/index.js'
import type { Arch } from '../../schema/types.js'

/** Maximum number of event names in a message. */
const FEW = 6

/** Events that are recorded only on request. */
type OnDemand = ReturnType<typeof onDemand>

/** A message for each such rule. */
export function uncaptured(checked: CheckedRules, by: RulesByCode, on: OnDemand, arch: Arch): string[] {
  const codes = codesOfRules(checked, by)
  return checked.rules.flatMap((rule, i) => {
    const own = codes[i] ?? []
    if (own.length === 0) return [`the rule '${rule.name}' never fires: no event can match its condition`]
    if (own.some((code) => comes(code, on, arch))) return []
    const names = [...new Set(own.map((code) => eventDef(code)?.name ?? String(code)))]
    const listed =
      names.length > FEW ? `${names.slice(0, FEW).join(', ')} and ${names.length - FEW} more` : names.join(', ')
    return [`the rule '${rule.name}' never fires here: ${ARCH_NAMES[arch]} has no ${listed} to capture`]
  })
}

/** Whether events of a code can occur in a live capture. */
function comes(code: number, on: OnDemand, arch: Arch): boolean {
  const def = EVENTS[code]
  if (def === undefined) return false
  if (def.nr === undefined) return BY_TRACEPOINT[def.name]?.(on) ?? true
  return def.nr[arch] !== undefined && (isExit(code) || on.enter)
}

const isExit = (code: number) => (code & 1) === 1

/** Events that are recorded only on request. */
const BY_TRACEPOINT: Readonly<Record<string, (on: OnDemand) => boolean>> = {
  switch: (on) => on.switches,
  page_fault: (on) => on.pageFaults,
}
