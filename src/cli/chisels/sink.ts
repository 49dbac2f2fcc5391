// Runs chisels over the events of one source, and writes their output to standard output.

import { type ChiselOutput, Running } from '../../chisel/running.js'
import { registry } from '../../fields/index.js'
import { compileFilter } from '../../filter/index.js'
import { type Event, SIDE } from '../../model/event.js'
import { type BatchNs, batchNs } from '../../model/time.js'
import type { CaptureRun } from '../../run/capture-run.js'
import type { Sink, Ticker } from '../../run/sink.js'
import { outputOf } from '../output/format.js'
import type { Screen } from '../output/screen.js'
import type { Output } from '../output/stdout.js'
import { number, printMessage } from '../run/report.js'
import type { ChiselRun } from './prepare.js'

/** Characters of output that are written at a time. */
const CHUNK = 64 * 1024

/** A chisel with its own filter, if it differs from the run's filter. */
interface Member {
  readonly running: Running
  readonly passes: ((e: Event) => boolean) | undefined
  /** batch time (ns) at which its interval ends */
  due: number
}

/** A file that receives the rows of chisels. */
export interface RowsFile {
  add(value: unknown): void
  /** Writes the collected rows. */
  flush(): Promise<void>
}

export class ChiselSink implements Sink, Ticker {
  due = Number.POSITIVE_INFINITY
  private members: Member[] = []
  private text = ''
  /** all chisels are done */
  private finished = false
  private started = false
  private readonly reported = new Set<string>()
  /** events lost, and only counted because of a ceiling, up to the last interval */
  private lost = 0
  private leftOut = 0

  constructor(
    private readonly chisels: ChiselRun,
    private readonly run: CaptureRun,
    private readonly out: Output,
    private readonly screen: Screen | undefined,
    private readonly rows?: RowsFile,
  ) {}

  begin(): void {
    const output = this.output()
    const several = this.chisels.chisels.length > 1
    this.members = this.chisels.chisels.map((c) => ({
      running: new Running(c, this.run.ctx, output),
      passes: several && c.filter !== undefined ? compileFilter(c.filter, registry, this.run.ctx).keep : undefined,
      due: Number.POSITIVE_INFINITY,
    }))
    if (this.run.isLive) {
      this.startAt(batchNs(0))
      if (!this.chisels.filtered) for (const { running } of this.members) running.snapshot(batchNs(0))
    } else this.due = Number.NEGATIVE_INFINITY
    this.checkDone()
  }

  show(e: Event): void {
    const { sides } = e
    for (let i = 0; i < this.members.length; i++) {
      const { running, passes } = this.members[i] as Member
      if (!running.done && (passes === undefined || passes(e))) running.event(e)
      if (sides !== SIDE.NONE) e.keepSides(sides)
    }
    if (this.members.some(isDone)) this.checkDone()
  }

  /** Whether a chisel was stopped by an exception. */
  get failed(): boolean {
    return this.members.some((m) => m.running.failed)
  }

  get full(): boolean {
    return this.finished || this.text.length >= CHUNK
  }

  tick(time: BatchNs): void {
    if (!this.started) {
      // the first event of the capture may have been skipped
      this.startAt((this.chisels.query.passingOnly === true ? this.run.first.time : undefined) ?? time)
      return
    }
    for (const member of this.members) {
      if (time < member.due) continue
      if (!member.running.done) member.running.tick(time)
      member.due = this.boundary(member.running, time)
    }
    this.reportLosses()
    this.due = this.nextDue()
    this.checkDone()
  }

  async flush(): Promise<void> {
    for (const { running } of this.members) running.keepUp()
    await this.rows?.flush()
    const text = this.text
    if (text === '') return
    this.text = ''
    await this.out.text(text)
  }

  async end(time: BatchNs): Promise<void> {
    for (const { running, due } of this.members) {
      // the end of -M is the end of an interval, too
      const isDue = this.run.isLive && time >= due && !running.done
      if (isDue) running.tick(time)
      if (!running.hasSnapshot && !running.done)
        printMessage(
          `ksys: ${running.chisel.name} shows the state at the first event that passes the filter, but none passed`,
        )
      running.end(time, isDue)
    }
    await this.flush()
    this.screen?.close()
  }

  /** Starts the intervals. */
  private startAt(time: BatchNs): void {
    this.started = true
    for (const member of this.members) {
      member.running.startCounting(time)
      member.due = this.boundary(member.running, time)
    }
    this.due = this.nextDue()
  }

  private nextDue(): number {
    return Math.min(...this.members.map((m) => m.due))
  }

  /**
   * The next end of an interval: a multiple of its length in wall-clock time, as lines with a time of day need. Live tables count from the
   * start of the capture, so that the first one covers a whole interval.
   */
  private boundary({ every, showsTables }: Running, time: BatchNs): number {
    const offset = showsTables && this.run.isLive ? 0 : this.run.info.startNsec
    return (Math.floor((time + offset) / every) + 1) * every - offset
  }

  /** Live: warns that the numbers of an interval are incomplete. Not with a screen: losses are then reported at the end. */
  private reportLosses(): void {
    if (!this.run.isLive || this.screen !== undefined) return
    const { lost, leftOut = 0 } = this.run.stats()
    reportMissing(lost - this.lost, 'lost')
    reportMissing(leftOut - this.leftOut, 'only counted because of a ceiling')
    this.lost = lost
    this.leftOut = leftOut
  }

  private checkDone(): void {
    if (this.finished || !this.members.every(isDone)) return
    this.finished = true
    this.run.stop()
  }

  private output(): ChiselOutput {
    const { screen, chisels } = this
    return {
      live: this.run.isLive || chisels.settings.follow,
      value: this.valueWriter(),
      color: chisels.query.color,
      containers: chisels.containers,
      columns: process.stdout.columns ?? Number.POSITIVE_INFINITY,
      get rows() {
        return screen?.rows
      },
      write: (text) => {
        if (this.rows === undefined) this.text += text
        else if (text !== '') this.reportText()
      },
      draw: (lines) => {
        this.text += screen?.frame(lines) ?? ''
      },
      save: (file, filter) => {
        chisels.saved.push({ file, filter })
      },
      tell: (sentence) => this.reportOnce(sentence),
    }
  }

  /** Writes values as rows of a file, or as text in the output format. */
  private valueWriter(): ChiselOutput['value'] {
    const { rows } = this
    if (rows === undefined) return outputOf(this.chisels.settings).value
    return (value) => {
      rows.add(value)
      return ''
    }
  }

  private reportText(): void {
    const names = this.chisels.chisels.map((c) => c.name).join(', ')
    this.reportOnce(`${names} prints text, not table rows, and is skipped`)
  }

  private reportOnce(message: string): void {
    if (this.reported.has(message)) return
    this.reported.add(message)
    printMessage(`ksys: ${message}`)
  }
}

function reportMissing(events: number, how: string): void {
  if (events > 0)
    printMessage(
      `ksys: ${number(events)} ${events === 1 ? 'event was' : 'events were'} ${how}: numbers up to here are too small`,
    )
}

function isDone(m: Member): boolean {
  return m.running.done
}
