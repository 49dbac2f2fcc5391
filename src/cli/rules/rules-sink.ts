// Judges the events of one source, and makes alerts of those that fire a rule.
import { epochNs } from '../../fields/clock.js'
import type { Event } from '../../model/event.js'
import type { AlertMaker } from '../../rules/alerts/maker.js'
import type { RulesEngine } from '../../rules/engine/engine.js'
import type { Alert, Rule } from '../../rules/rule.js'
import type { Sink } from '../../run/sink.js'
import type { CaptureInfo } from '../../source/source.js'
import { captureNow } from '../../source/source.js'
import type { AlertStream } from './alert-stream.js'
import { type Coverage, type Uncovered, uncoveredText } from './coverage.js'
import { LastJudged } from './last-judged.js'

/** What judges events and makes alerts of them. */
export interface Judging {
  readonly engine: RulesEngine
  readonly maker: AlertMaker
  /** Does what else an alert asks for, while the cursor is at its event, and gives it with what came of that; undefined: nothing is. */
  readonly kept?: (rule: Rule, alert: Alert, e: Event) => Alert
}

/** Makes it; fired: to be called for each rule that an event fires. */
export type MakeJudging = (fired: (rule: Rule, e: Event) => void) => Judging

export interface JudgedSource {
  readonly info: CaptureInfo
  /** of a live capture; undefined: reading may wait for outputs, and its losses are told at the end */
  readonly coverage: Coverage | undefined
  /** events that were judged in the capture before, which this one has too */
  readonly before?: LastJudged | undefined
}

export class RulesSink implements Sink {
  private judging: Judging
  private before: LastJudged | undefined
  /** the events that were judged last; undefined where no other capture follows */
  readonly last: LastJudged | undefined
  /** events that were judged */
  judged = 0
  /** batch time (ns) of the last event */
  private time = 0

  constructor(
    private readonly of: JudgedSource,
    private readonly stream: AlertStream,
    make: MakeJudging,
  ) {
    const { info, coverage, before } = of
    this.before = before
    // a capture of the machine may be followed by another one
    this.last = coverage && new LastJudged(info.startBoot)
    this.judging = this.judgingOf(make)
  }

  /** Other rules from the next event on. */
  setRules(make: MakeJudging): void {
    this.judging = this.judgingOf(make)
  }

  show(e: Event): void {
    if (this.before !== undefined && this.wasJudged(e, this.before)) return
    this.last?.note(e)
    this.judged++
    this.time = e.time
    this.judging.engine.evaluate(e)
  }

  get full(): boolean {
    return this.of.coverage === undefined && this.stream.full
  }

  async flush(): Promise<void> {
    const { info, coverage } = this.of
    const time = coverage === undefined ? this.time : captureNow(info)
    this.tell(coverage?.look(), time)
    this.stream.tick(epochNs(info, time))
    if (this.full) await this.stream.room()
  }

  end(time: number): void {
    this.tell(this.of.coverage?.rest(), time)
  }

  private wasJudged(e: Event, before: LastJudged): boolean {
    const { startBoot } = this.of.info
    if (before.had(e, startBoot)) return true
    if (!before.matters(e, startBoot)) this.before = undefined
    return false
  }

  private judgingOf(make: MakeJudging): Judging {
    const judging: Judging = make((rule, e) => {
      const alert = judging.maker.make(rule, e)
      this.stream.take(judging.kept?.(rule, alert, e) ?? alert)
    })
    return judging
  }

  private tell(uncovered: Uncovered | undefined, time: number): void {
    if (uncovered === undefined) return
    const { info } = this.of
    const { seen, lost, leftOut } = uncovered
    this.stream.tell('drop', {
      time: epochNs(info, time),
      hostname: info.hostname,
      text: uncoveredText(uncovered),
      fields: { n_evts: seen + lost + leftOut, n_drops: lost, n_left_out: leftOut },
    })
  }
}
