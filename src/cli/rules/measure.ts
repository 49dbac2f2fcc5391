// Measures how often a rule is evaluated on capture files, how often it matches, and how long that takes.
import { registry } from '../../fields/index.js'
import { matchesEnter } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import { captureFilter, checkRules } from '../../rules/engine/checked.js'
import { compileRules } from '../../rules/engine/engine.js'
import { rulesByCode } from '../../rules/engine/types-of.js'
import type { Rule } from '../../rules/rule.js'
import type { CaptureRun } from '../../run/capture-run.js'
import type { Settings } from '../options/settings.js'
import { Output } from '../output/stdout.js'
import { captureFor } from '../run/capture.js'
import { rulesQuery } from './rules-query.js'

export interface Measured {
  readonly files: readonly string[]
  /** events of the types that the rule can match */
  readonly judged: number
  /** events that match its condition */
  readonly passed: number
  /** average ns for each */
  readonly ns: number
  /** exit code of the run over the files */
  readonly exitCode: number
}

/** Runs the rule alone over the files of -r. */
export async function measureRule(rule: Rule, s: Settings): Promise<Measured> {
  const checked = checkRules([rule], registry)
  const relevantTypes = new Set(rulesByCode(checked).keys())
  const engines: ReturnType<typeof compileRules>[] = []
  let evaluated = 0
  let took = 0
  const open = ({ source, ctx }: CaptureRun) => {
    const engine = compileRules(checked, ctx, { matching: 'first', defs: source.tables?.defs, fired: () => undefined })
    engines.push(engine)
    const look = clockCost()
    return {
      show: (e: Event) => {
        if (!relevantTypes.has(e.type)) return
        const from = performance.now()
        engine.evaluate(e)
        took += performance.now() - from - look
        evaluated++
      },
    }
  }
  // no filter: the whole file must be read
  const query = { ...rulesQuery(checked, checked.fieldsUsed, s), filter: undefined }
  const enter = s.enter || matchesEnter(captureFilter(checked))
  const exitCode = await captureFor({ query, open }, { ...s, enter }, new Output())
  const counts = engines.flatMap((engine) => engine.counts())
  const sum = (of: (c: (typeof counts)[number]) => number) => counts.reduce((n, c) => n + of(c), 0)
  const ns = evaluated === 0 ? 0 : Math.max(0, (took * 1e6) / evaluated)
  return { files: s.read, judged: sum((c) => c.seen), passed: sum((c) => c.fired), ns, exitCode }
}

/** ms between two successive readings of the clock. */
function clockCost(): number {
  const looks = Array.from({ length: 20_000 }, () => {
    const from = performance.now()
    return performance.now() - from
  }).slice(10_000)
  return looks.reduce((sum, ms) => sum + ms, 0) / looks.length
}
