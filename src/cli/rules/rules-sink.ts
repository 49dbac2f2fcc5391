// Judges the events of one source, and makes alerts of those that fire a rule.
import { epochNs } from '../../fields/clock.js'
import type { Event } from '../../model/event.js'
import type { AlertMaker } from '../../rules/alerts/maker.js'
import type { RulesEngine } from '../../rules/engine/engine.js'
import type { Rule } from '../../rules/rule.js'
import type { Sink } from '../../sink.js'
import { captureNow } from '../../source/now.js'
import type { CaptureInfo } from '../../source/source.js'
import type { AlertStream } from './alert-stream.js'
import { type Coverage, type Uncovered, uncoveredText } from './coverage.js'

/** What judges events and makes alerts of them. */
export interface Judging {
  readonly engine: RulesEngine
  readonly maker: AlertMaker
}

/** Makes it; fired: to be called for each rule that an event fires. */
export type MakeJudging = (fired: (rule: Rule, e: Event) => void) => Judging

export interface JudgedSource {
  readonly info: CaptureInfo
  /** of a live capture; undefined: reading may wait for outputs, and its losses are told at the end */
  readonly coverage: Coverage | undefined
}

export class RulesSink implements Sink {
  private judging: Judging
  /** events that were judged */
  judged = 0
  /** batch time (ns) of the last event */
  private time = 0

  constructor(
    private readonly of: JudgedSource,
    private readonly stream: AlertStream,
    make: MakeJudging,
  ) {
    this.judging = this.judgingOf(make)
  }

  /** Other rules from the next event on. */
  setRules(make: MakeJudging): void {
    this.judging = this.judgingOf(make)
  }

  show(e: Event): void {
    this.judged++
    this.time = e.time
    this.judging.engine.judge(e)
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

  private judgingOf(make: MakeJudging): Judging {
    const judging: Judging = make((rule, e) => this.stream.take(judging.maker.make(rule, e)))
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
