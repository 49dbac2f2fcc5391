// Evaluates rules on the events of one source, and creates alerts.

import type { Event } from '../../model/event.js'
import { type BatchNs, batchNs, epochOf } from '../../model/time.js'
import type { AlertMaker } from '../../rules/alerts/maker.js'
import type { RulesEngine } from '../../rules/engine/engine.js'
import type { Alert, Rule } from '../../rules/rule.js'
import type { Sink } from '../../run/sink.js'
import type { CaptureInfo } from '../../source/source.js'
import { captureNow } from '../../source/source.js'
import type { AlertStream } from './alert-stream.js'
import { type Coverage, type Uncovered, uncoveredText } from './coverage.js'
import { LastJudged } from './last-judged.js'

/** Compiled rules: evaluates events and creates alerts. */
interface CompiledRules {
  readonly engine: RulesEngine
  readonly maker: AlertMaker
  /** Extends an alert while the cursor is at its event, for example with the path of a file; undefined: alerts are unchanged. */
  readonly extend?: (rule: Rule, alert: Alert, e: Event) => Alert
}

/** Compiles the rules; fired: called for each rule that fires. */
export type CompileForSource = (fired: (rule: Rule, e: Event) => void) => CompiledRules

interface RulesInput {
  readonly info: CaptureInfo
  /** set for a live capture; undefined: reading may wait for outputs, and losses are reported at the end */
  readonly coverage: Coverage | undefined
  /** the last events evaluated in the previous capture, which overlaps this one */
  readonly before?: LastJudged | undefined
}

export class RulesSink implements Sink {
  private compiled: CompiledRules
  private before: LastJudged | undefined
  /** the events evaluated last; undefined if no other capture follows */
  readonly last: LastJudged | undefined
  /** number of evaluated events */
  judged = 0
  /** batch time (ns) of the last event */
  private time = batchNs(0)

  constructor(
    private readonly input: RulesInput,
    private readonly stream: AlertStream,
    compile: CompileForSource,
  ) {
    const { info, coverage, before } = input
    this.before = before
    // a live capture may be followed by another one
    this.last = coverage && new LastJudged(info.startBoot)
    this.compiled = this.compiledBy(compile)
  }

  /** Replaces the rules from the next event on. */
  setRules(compile: CompileForSource): void {
    this.compiled = this.compiledBy(compile)
  }

  show(e: Event): void {
    if (this.before !== undefined && this.wasJudged(e, this.before)) return
    this.last?.note(e)
    this.judged++
    this.time = e.time
    this.compiled.engine.evaluate(e)
  }

  get full(): boolean {
    return this.input.coverage === undefined && this.stream.full
  }

  async flush(): Promise<void> {
    const { info, coverage } = this.input
    const time = coverage === undefined ? this.time : captureNow(info)
    this.emitGap(coverage?.look(), time)
    this.stream.tick(epochOf(info, time))
    if (this.full) await this.stream.capacity()
  }

  end(time: BatchNs): void {
    this.emitGap(this.input.coverage?.rest(), time)
  }

  private wasJudged(e: Event, before: LastJudged): boolean {
    const { startBoot } = this.input.info
    if (before.had(e, startBoot)) return true
    if (!before.matters(e, startBoot)) this.before = undefined
    return false
  }

  private compiledBy(compile: CompileForSource): CompiledRules {
    const compiled: CompiledRules = compile((rule, e) => {
      const alert = compiled.maker.make(rule, e)
      this.stream.take(compiled.extend?.(rule, alert, e) ?? alert)
    })
    return compiled
  }

  private emitGap(uncovered: Uncovered | undefined, time: BatchNs): void {
    if (uncovered === undefined) return
    const { info } = this.input
    const { seen, lost, leftOut } = uncovered
    this.stream.emitInternal('drop', {
      time: epochOf(info, time),
      hostname: info.hostname,
      text: uncoveredText(uncovered),
      fields: { n_evts: seen + lost + leftOut, n_drops: lost, n_left_out: leftOut },
    })
  }
}
