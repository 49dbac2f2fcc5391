// The messages of a run on standard error, for each source and at the end.
import { registry } from '../../fields/index.js'
import { missingNames } from '../../fields/name-lookups.js'
import { checkFilter, timesPassing } from '../../filter/index.js'
import { type Absence, absenceSentence } from '../../format/template/absences.js'
import { type BatchNs, batchNs, epochOf } from '../../model/time.js'
import { cgroupEditor } from '../../redact/rules.js'
import { unfilteredState } from '../../redact/source.js'
import type { Loop } from '../../run/loop.js'
import type { Sink } from '../../run/sink.js'
import { ioUringWarning } from '../../source/features.js'
import type { CaptureInfo, CaptureSource } from '../../source/source.js'
import type { Settings } from '../options/settings.js'
import { type Query, spanFilter } from '../query/query.js'
import { InFlightSink } from './in-flight.js'
import type { Live } from './live.js'
import {
  localDate,
  printMessage,
  reportBuffers,
  reportDamage,
  reportLeftOut,
  reportLosses,
  reportNaming,
  reportRepeated,
  reportStatistics,
  reportUnknown,
} from './report.js'
import { SeenCalls } from './seen-calls.js'
import { LineSink } from './sinks.js'

export class RunReport {
  /** events that passed the filter, of all sources so far */
  shown = 0
  /** whether a source was damaged */
  damaged = false
  private readonly seen = new SeenCalls()
  /** a message about the first source without events between --since and --until */
  private empty: string | undefined
  private readonly absences: Absence[] = []
  private readonly warned = new Set<string>()
  private readonly cgroupName: ReturnType<typeof cgroupEditor>

  constructor(private readonly s: Settings) {
    this.cgroupName = cgroupEditor(s.redaction)
  }

  /** Warns about the query, each message once. */
  warn(sentences: readonly string[]): void {
    for (const sentence of sentences) if (!this.warned.has(sentence)) printMessage(`ksys: ${sentence}`)
    for (const sentence of sentences) this.warned.add(sentence)
  }

  /** Reports on one source, for which the run took `seconds`. */
  reportSource(source: CaptureSource, loop: Loop, seconds: number, live: Live | undefined): void {
    const { s } = this
    this.shown += loop.shown
    this.seen.add(source, loop)
    reportUnknown(source)
    reportRepeated(source)
    // with a command, containers elsewhere are irrelevant
    if (s.command === undefined && !s.quiet) reportNaming(source, live?.filtersByNames === true)
    if (reportDamage(source)) this.damaged = true
    this.empty ??= loop.shown === 0 ? emptySpan(s, source.info, loop.first.time) : undefined
    // sumUpAll() also counts what was omitted until now: before stats()
    const all = unfilteredState(source)
    const throttled = (live?.machine.ceilings?.source.sumUpAll() ?? [])
      .filter((x) => all?.holdsCgroup(x.cgroup) !== false)
      .map((x) => ({ ...x, cgroup: this.cgroupName(x.cgroup) ?? 'a cgroup' }))
    reportLosses(loop.stats(), live !== undefined)
    reportLeftOut(loop.stats(), throttled)
    const unseen = live?.lacks.has('io_uring') ? ioUringWarning(loop.seenTypes) : undefined
    if (unseen !== undefined) printMessage(`ksys: ${unseen}`)
    const unnamed = missingNames(loop.states)
    if (unnamed !== undefined) printMessage(`ksys: ${unnamed}`)
    if (s.verbose) reportStatistics(loop, seconds)
    if (s.verbose && live !== undefined) reportBuffers(live.machine.kernel, loop.stats().buffers)
  }

  /** Records the lines that the sinks of one source omitted. */
  addAbsences(sinks: readonly Sink[]): void {
    for (const x of sinks) if (x instanceof LineSink || x instanceof InFlightSink) this.absences.push(...x.absences)
  }

  /** At the end: reports lines omitted because a field of their format had no value. */
  reportAbsences(format = ''): void {
    const sentence = absenceSentence(this.absences, format)
    if (sentence !== undefined) printMessage(`ksys: ${sentence}`)
  }

  /** At the end of a run that showed nothing: reports a possible reason. */
  hint(q: Query): void {
    if (this.shown > 0 || this.s.inFlight) return
    if (this.empty !== undefined) printMessage(`ksys: ${this.empty}`)
    const hint = this.seen.hint(q)
    if (hint !== undefined) printMessage(`ksys: ${hint}`)
  }
}

/**
 * The message if no event passes between --since and --until: the times of this range in the capture, and the time of its first event.
 * undefined without these options. first: batch time (ns) of the capture's first event.
 */
function emptySpan(s: Settings, info: CaptureInfo, first: BatchNs | undefined): string | undefined {
  const span = spanFilter(s)
  if (span === '') return undefined
  const { lo, hi } = timesPassing(checkFilter(span, registry), info)
  const date = (time: number) => (Number.isFinite(time) ? localText(info, batchNs(time)) : undefined)
  const [from, to] = [date(lo), date(hi)]
  const times = [from && `from ${from}`, to && `to ${to}`].filter(Boolean).join(' ')
  const what = s.filter === '' ? 'no events' : 'no event passes the filter'
  const start = first === undefined ? '' : `; the first event is at ${localText(info, first)}`
  return `${what} in the range of --since and --until${times === '' ? '' : `, ${times}`}${start}`
}

/** A batch time (ns) as a local date. */
function localText(info: CaptureInfo, time: BatchNs): string {
  return localDate(epochOf(info, time))
}
