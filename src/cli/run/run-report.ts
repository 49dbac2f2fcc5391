// What a run over one source or several tells on standard error, and what it remembers of them for its end.
import { type Absence, absenceSentence } from '../../format/template/absences.js'
import { cgroupEditor } from '../../redact/outside.js'
import { stateOfAll } from '../../redact/source.js'
import type { Loop } from '../../run/loop.js'
import type { Sink } from '../../run/sink.js'
import { ioUringWarning } from '../../source/features.js'
import type { CaptureSource } from '../../source/source.js'
import type { Settings } from '../options/parse.js'
import type { Query } from '../query/query.js'
import { emptySpan } from './empty-span.js'
import type { Live } from './live.js'
import {
  reportDamage,
  reportLeftOut,
  reportLosses,
  reportNaming,
  reportRepeated,
  reportStatistics,
  reportUnknown,
  tell,
} from './report.js'
import { SeenCalls } from './seen-calls.js'
import { LineSink } from './sinks.js'

export class RunReport {
  /** events that passed, of all sources so far */
  shown = 0
  /** whether a source was damaged */
  damaged = false
  private readonly seen = new SeenCalls()
  /** a sentence about the first source whose part that --from and --to choose had nothing */
  private empty: string | undefined
  private readonly absences: Absence[] = []
  private readonly warned = new Set<string>()

  private readonly cgroupName: ReturnType<typeof cgroupEditor>

  constructor(private readonly s: Settings) {
    this.cgroupName = cgroupEditor(s.redaction)
  }

  /** Sentences about the query, each once. */
  warn(sentences: readonly string[]): void {
    for (const sentence of sentences) if (!this.warned.has(sentence)) tell(`ksys: ${sentence}`)
    for (const sentence of sentences) this.warned.add(sentence)
  }

  /** How it went over one source, for which the run took that many seconds. */
  of(source: CaptureSource, loop: Loop, seconds: number, live: Live | undefined): void {
    const { s } = this
    this.shown += loop.shown
    this.seen.add(source, loop)
    reportUnknown(source)
    reportRepeated(source)
    // what runs elsewhere is not the command's
    if (s.command === undefined && !s.quiet) reportNaming(source, live?.filtersByNames === true)
    if (reportDamage(source)) this.damaged = true
    this.empty ??= loop.shown === 0 ? emptySpan(s, source.info, loop.first.time) : undefined
    // asking for it counts all that was left out until now
    const all = stateOfAll(source)
    const leftOut = (live?.machine.ceilings?.source.sumUpAll() ?? [])
      .filter((x) => all?.holdsCgroup(x.cgroup) !== false)
      .map((x) => ({ ...x, cgroup: this.cgroupName(x.cgroup) ?? 'a cgroup' }))
    reportLosses(loop.stats(), live !== undefined)
    reportLeftOut(loop.stats(), leftOut)
    const unseen = live?.lacks.has('io_uring') ? ioUringWarning(loop.seenTypes) : undefined
    if (unseen !== undefined) tell(`ksys: ${unseen}`)
    if (s.verbose) reportStatistics(loop, seconds)
  }

  /** Notes the lines that sinks of one source have left out. */
  leftOutBy(sinks: readonly Sink[]): void {
    for (const x of sinks) if (x instanceof LineSink) this.absences.push(...x.absences)
  }

  /** At the end: lines that are missing since a field of their format had no value. */
  tellAbsences(format = ''): void {
    const sentence = absenceSentence(this.absences, format)
    if (sentence !== undefined) tell(`ksys: ${sentence}`)
  }

  /** At the end of a run that showed nothing: why that may be. */
  hint(q: Query): void {
    if (this.shown > 0 || this.s.inFlight) return
    if (this.empty !== undefined) tell(`ksys: ${this.empty}`)
    const hint = this.seen.hint(q)
    if (hint !== undefined) tell(`ksys: ${hint}`)
  }
}
