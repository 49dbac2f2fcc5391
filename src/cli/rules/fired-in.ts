// Evaluates rules on capture files without outputs: which rule fires for which event.
import { registry } from '../../fields/index.js'
import type { Event } from '../../model/event.js'
import { checkRules } from '../../rules/engine/checked.js'
import { compileRules } from '../../rules/engine/engine.js'
import type { Matching } from '../../rules/engine/type-emitter.js'
import type { Rule } from '../../rules/rule.js'
import type { CaptureRun } from '../../run/capture-run.js'
import type { Settings } from '../options/settings.js'
import { Output } from '../output/stdout.js'
import { captureFor } from '../run/capture.js'
import { rulesQuery } from './rules-query.js'

export interface RuleSet {
  /** enabled rules of the source syscall */
  readonly rules: readonly Rule[]
  readonly matching: Matching
}

/** Receives the rules that fire. */
interface RuleListener {
  /** fields that it evaluates, in addition to those of the conditions */
  readonly printed?: readonly string[]
  /** Called for each event for which a rule of one of the sets fires, with the rules that fire, by set. */
  readonly fired: (rules: readonly (readonly Rule[])[], e: Event, run: CaptureRun) => void
}

/** Evaluates sets of rules on the files of -r in a single pass. Returns the exit code. */
export function firedIn(sets: readonly RuleSet[], s: Settings, { printed = [], fired }: RuleListener): Promise<number> {
  const everything = checkRules(
    sets.flatMap((set) => set.rules),
    registry,
  )
  const open = (run: CaptureRun) => {
    const { ctx, source } = run
    const found: Rule[][] = sets.map(() => [])
    const engines = sets.map(({ rules, matching }, i) => {
      const take = (rule: Rule) => found[i]?.push(rule)
      return compileRules(checkRules(rules, registry), ctx, { matching, defs: source.tables?.defs, fired: take })
    })
    return {
      show: (e: Event) => {
        for (const engine of engines) engine.evaluate(e)
        if (found.every((rules) => rules.length === 0)) return
        fired(found, e, run)
        for (const rules of found) rules.length = 0
      },
    }
  }
  return captureFor({ query: rulesQuery(everything, printed, s), open }, s, new Output())
}
