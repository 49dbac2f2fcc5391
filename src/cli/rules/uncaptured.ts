// Rules that cannot fire in a live capture, as none of the events that they are about comes here: said at the start.
import { eventDef } from '../../filter/events.js'
import type { CheckedRules } from '../../rules/engine/checked.js'
import { codesOfRules, type RulesByCode } from '../../rules/engine/types-of.js'
import { ARCH_NAMES } from '../../schema/arch.js'
import { EVENTS } from '../../schema/events/index.js'
import type { Arch } from '../../schema/types.js'
import { type CapturePlan, VERDICT } from '../../source/plan.js'

/** Names that are told of a rule. */
const FEW = 6

/** A sentence for each such rule. */
export function uncaptured(checked: CheckedRules, by: RulesByCode, plan: CapturePlan, arch: Arch): string[] {
  const codes = codesOfRules(checked, by)
  return checked.rules.flatMap((rule, i) => {
    const own = codes[i] ?? []
    if (own.length === 0) return [`the rule '${rule.name}' never fires: no event fulfils its condition`]
    if (own.some((code) => comes(code, plan, arch))) return []
    const names = [...new Set(own.map((code) => eventDef(code)?.name ?? String(code)))]
    const listed =
      names.length > FEW ? `${names.slice(0, FEW).join(', ')} and ${names.length - FEW} more` : names.join(', ')
    return [`the rule '${rule.name}' never fires here: ${ARCH_NAMES[arch]} has no ${listed} that could be captured`]
  })
}

/** Whether events of a code may come in a live capture. */
function comes(code: number, plan: CapturePlan, arch: Arch): boolean {
  const def = EVENTS[code]
  if (def === undefined || ((code & 1) === 0 && def.nr !== undefined && !plan.enter)) return false
  if (def.nr === undefined) return BY_TRACEPOINT[def.name]?.(plan) ?? true
  const nr = def.nr[arch]
  return nr !== undefined && (plan.verdicts[nr] ?? VERDICT.DROP) !== VERDICT.DROP
}

/** Events of tracepoints that a plan may be without. */
const BY_TRACEPOINT: Readonly<Record<string, (plan: CapturePlan) => boolean>> = {
  switch: (plan) => plan.switches !== VERDICT.DROP,
  page_fault: (plan) => plan.pageFaults !== VERDICT.DROP,
  signaldeliver: (plan) => plan.signals !== VERDICT.DROP,
  procexit: (plan) => plan.procexit !== VERDICT.DROP,
  io_uring_complete: (plan) => plan.ioUring !== VERDICT.DROP,
}
