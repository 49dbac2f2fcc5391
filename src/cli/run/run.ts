// A run over the kernel or over files: connects source, state, filter and sinks, and reports at the end.
import { constants } from 'node:os'
import { Summary } from '../../format/summary.js'
import { CaptureRun } from '../../run/capture-run.js'
import { openCapture } from '../../run/open.js'
import type { Sink } from '../../run/sink.js'
import { unfinishedFiles } from '../../source/atomic-file.js'
import { WaitCancelled, type Waiting } from '../../source/files.js'
import { raisePriority, settle } from '../../source/pace.js'
import { confine } from '../../source/privilege.js'
import { WriteError } from '../../source/reason.js'
import type { CaptureSource } from '../../source/source.js'
import { captureNow } from '../../source/source.js'
import { TraceError } from '../../trace/index.js'
import type { ChiselRun } from '../chisels/prepare.js'
import type { ChiselSink } from '../chisels/sink.js'
import { EXIT } from '../errors/exit.js'
import { type Settings, writesFile } from '../options/parse.js'
import type { Screen } from '../output/screen.js'
import type { Output } from '../output/stdout.js'
import { absentFields } from '../query/absent-fields.js'
import { loopOptions, type Query, styleOf } from '../query/query.js'
import { requestOf } from '../query/read-request.js'
import { exportTarget } from './export-target.js'
import type { FileSink } from './file-sink.js'
import { checkInFlight } from './in-flight.js'
import type { Live } from './live.js'
import { openSinks, summaryText, type Written } from './open-sinks.js'
import { Preparing } from './preparing.js'
import type { Receiver } from './receiver.js'
import { Progress, printMessage, reportPrivileges } from './report.js'
import { RunReport } from './run-report.js'
import { ScapFile } from './scap-file.js'
import { ServiceManager } from './service-manager.js'
import { atEof, onSignals } from './signals.js'
import { LineSink } from './sinks.js'
import { type Capturing, SuccessiveCaptures } from './successive-captures.js'
import type { ExportTarget } from './target.js'
import { checkWritten } from './trace-file.js'

export class Run implements Written {
  /** the file being read */
  private reading: string | undefined
  private interrupted: NodeJS.Signals | undefined
  /** the current source */
  private source: CaptureSource | undefined
  /** stops the current source */
  private stop: ((signal: NodeJS.Signals) => void) | undefined
  /** the terminal that live tables are shown on */
  private screen: Screen | undefined
  /** the sink that writes events to files */
  private file: FileSink | undefined
  /** the .scap file that is written instead of a trace */
  readonly scap: ScapFile | undefined
  /** the export that is written instead of a trace */
  exported: ExportTarget | undefined
  readonly summary: Summary | undefined
  private readonly report: RunReport
  private readonly manager = ServiceManager.takeFrom(process.env)
  /** batch time (ns) of the last event of a live capture */
  private lastTime = 0
  /** live runs only */
  private preparing: Preparing | undefined
  /** live runs only */
  private captures: SuccessiveCaptures | undefined

  constructor(
    readonly s: Settings,
    readonly q: Query,
    readonly out: Output,
    private readonly chiselRun?: ChiselRun,
    private readonly receiver?: Receiver,
  ) {
    this.summary = s.summary ? new Summary() : undefined
    this.scap = ScapFile.of(s, q)
    this.report = new RunReport(s)
  }

  /** no lines are printed: chisels print instead, or a receiver handles the events */
  get noLines(): boolean {
    return (this.chiselRun ?? this.receiver) !== undefined
  }

  async all(): Promise<number> {
    const { s } = this
    checkWritten(s)
    this.exported = await exportTarget(s, this.q)
    if (s.inFlight) checkInFlight(s)
    const restore = onSignals(
      (signal) => {
        this.interrupted = signal
        this.manager.stopping()
        this.screen?.close()
        this.stop?.(signal)
      },
      () => this.out.waiting || this.awaitsOutput() || this.awaitsInput(),
      () => this.hangUp(),
      tellUnfinished,
    )
    const run = s.read.length > 0 ? this.files() : this.live()
    const code = await (this.exported?.endAfter(run) ?? run).catch((e) => {
      if (
        (e instanceof TraceError || e instanceof WriteError) &&
        e.cause instanceof WaitCancelled &&
        this.interrupted !== undefined
      )
        return 128 + constants.signals[this.interrupted]
      throw e
    })
    restore()
    if (this.summary) await this.out.text(summaryText(this.summary, s))
    this.report.tellAbsences(s.format)
    if (this.receiver === undefined) this.report.hint(this.q)
    return code
  }

  private async files(): Promise<number> {
    const { s } = this
    for (const path of s.read) {
      if (this.interrupted || this.remainingEvents() === 0) break
      this.reading = path
      await this.scap?.scout(
        path,
        () => this.open(path),
        this.remainingEvents(),
        (stop) => {
          this.stop = stop
          if (this.interrupted) stop()
        },
      )
      // keep an existing output file
      if (this.interrupted) break
      await this.over(await this.open(path))
    }
    if (this.interrupted) return 128 + constants.signals[this.interrupted]
    return this.report.damaged ? EXIT.damaged : EXIT.ok
  }

  /** Opens a file with redaction applied. */
  private async open(path: string): Promise<CaptureSource> {
    const { s, q } = this
    const waiting = this.waiting(`writer of ${path}`)
    const request = requestOf({ ...s, enter: this.scap?.bothDirections ?? s.enter }, q)
    return openCapture(path, { ...request, ...waiting }, s.redaction)
  }

  private async live(): Promise<number> {
    const { openLive } = await import('./live.js')
    const { s } = this
    this.captures = new SuccessiveCaptures((q) => openLive({ ...s, enter: s.enter || this.scap !== undefined }, q))
    const preparing = new Preparing()
    this.preparing = preparing
    const over = (c: Capturing) => this.over(c.live.source, c)
    return this.captures
      .run(this.q, s.seconds, over, () => this.interrupted !== undefined)
      .finally(() => preparing.end())
  }

  /** Runs over one source and closes it. */
  private async over(source: CaptureSource, { live, query: q, seconds } = this.ofFile()): Promise<void> {
    const s = { ...this.s, seconds }
    this.source = source
    const from = performance.now()
    const run = new CaptureRun(source, styleOf(s), { report: (sentence) => printMessage(`ksys: ${sentence}`) })
    const { ctx } = run
    const sinks: Sink[] = []
    let ticker: ChiselSink | undefined
    let endWatch: (() => void) | undefined
    try {
      this.report.warn(absentFields(q, source.info, s))
      await run.begin()
      const opened = await openSinks(this, {
        path: this.reading,
        run,
        waiting: this.reader(),
      })
      this.file = opened.file
      sinks.push(...opened.sinks)
      if (this.chiselRun !== undefined) {
        const { openChiselSink } = await import('../chisels/open-sink.js')
        const rows = await this.exported?.rows(this.reader())
        const opened = await openChiselSink(this.chiselRun, run, this.out, rows)
        ticker = opened.sink
        this.screen = opened.screen
        sinks.push(ticker)
      }
      if (this.receiver !== undefined) {
        const follow = (query: Query) => this.captures?.follow(query, source)
        sinks.push(...[await this.receiver.open(run, follow)].flat())
      }
      const progress = new Progress(
        source,
        s.progress,
        process.stdout.isTTY && sinks.some((x) => x instanceof LineSink),
      )
      this.stop = live ? (signal) => live.interrupt(signal) : () => run.stop()
      if (this.interrupted) this.stop(this.interrupted)
      const records = live !== undefined && (writesFile(s) || this.receiver !== undefined)
      const confined = confine({
        live: live !== undefined,
        command: s.command !== undefined,
        records,
        attach: live !== undefined && this.receiver?.reload !== undefined,
        programs: live?.looksAtPrograms === true,
      })
      reportPrivileges(confined, s.verbose)
      live?.start()
      if (live !== undefined && s.untilEof) atEof(() => source.stop())
      endWatch = live?.machine.watchMemory(run)
      const loop = await run.run({
        sinks,
        progress,
        ...loopOptions(s, q, ctx),
        limit: this.remainingEvents(),
        ticker,
        lastCalls: live !== undefined && (writesFile(s) || q.kept === true || live.machine.ceilings !== undefined),
        onLoaded: () => {
          if (live !== undefined && s.inFlight) source.stop()
          else live?.machine.watchContainers(run)
          this.preparing?.started()
          this.manager.ready()
        },
        onBatch: () => {
          if (live !== undefined) this.keepPace(run)
          this.manager.tick(() => this.file?.status?.())
        },
      })
      this.scap?.reportOmitted()
      this.report.leftOutBy(sinks)
      this.report.of(source, loop, (performance.now() - from) / 1e3, live)
    } catch (e) {
      live?.abandon()
      // completes open files with the events so far
      await this.file?.end().catch(() => undefined)
      throw e
    } finally {
      endWatch?.()
      this.screen?.close()
      await run.close()
    }
  }

  /** The query and limits for reading a file. */
  private ofFile(): Omit<Capturing, 'live'> & { readonly live: Live | undefined } {
    return { live: undefined, query: this.q, seconds: this.s.seconds }
  }

  /** Adapts the priority of ksys to how far a live capture lags behind. */
  private keepPace({ loop, info }: CaptureRun): void {
    const lastTime = loop?.lastTime ?? 0
    settle()
    if (lastTime !== this.lastTime) raisePriority((captureNow(info) - lastTime) / 1e6)
    this.lastTime = lastTime
  }

  /**
   * Handles SIGHUP: starts a new file with -C, -G or -e, re-reads options from their file, or has the receiver reload. Returns false if
   * nothing of this applies.
   */
  private hangUp(): boolean {
    const { rotation, recording, read } = this.s
    const receiver = read.length === 0 ? this.receiver : undefined
    if ((rotation ?? recording?.reread ?? receiver?.reload) === undefined) return false
    this.manager.reload(() => {
      this.file?.startFile?.()
      this.file?.reload?.()
      receiver?.reload?.()
    })
    return true
  }

  /** A number that identifies the wait for a blocked output pipe, including its opening; 0: the run cannot be waiting for one. */
  private awaitsOutput(): number {
    const { write, rotation, recording } = this.s
    if (this.exported !== undefined) return this.exported.awaited
    return this.file?.awaited ?? Number(write !== undefined && (rotation ?? recording) === undefined)
  }

  /** A number that identifies the wait for a pipe without input; 0: the run cannot be waiting for one. */
  private awaitsInput(): number {
    const { s } = this
    return Number(s.read.length > 0 && (!writesFile(s) || this.source?.progress() === undefined))
  }

  /** How to wait for the other end of a FIFO; what: what the other end does, for the message. */
  private waiting(what: string): Waiting {
    return {
      stopped: () => this.interrupted !== undefined,
      long: () => printMessage(`ksys: waiting for a ${what}`),
    }
  }

  /** How to wait for the reader of the output. */
  private reader(): Waiting {
    return this.waiting(`reader of ${this.s.write ?? this.s.exported?.path}`)
  }

  /** The number of events that may still be shown; undefined: no limit. */
  private remainingEvents(): number | undefined {
    return this.s.limit === undefined ? undefined : this.s.limit - this.report.shown
  }
}

/** Reports the incomplete files of a run that ends immediately. */
function tellUnfinished(): void {
  const files = unfinishedFiles()
  if (files.length > 0) printMessage(`ksys: left incomplete (no end), cannot be read: ${files.join(', ')}`)
}
