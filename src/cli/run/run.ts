// A run over the kernel or over files: connects source, state, filter and sinks, and reports at the end.
import { Summary } from '../../format/summary.js'
import { CaptureRun } from '../../run/capture-run.js'
import { optimizeForSize } from '../../run/memory.js'
import type { Sink } from '../../run/sink.js'
import { unfinishedFiles } from '../../source/atomic-file.js'
import type { Waiting } from '../../source/files.js'
import { raisePriority, settle } from '../../source/pace.js'
import { confine } from '../../source/privilege.js'
import type { CaptureSource } from '../../source/source.js'
import { captureNow } from '../../source/source.js'
import type { ChiselRun } from '../chisels/prepare.js'
import type { ChiselSink } from '../chisels/sink.js'
import { EXIT } from '../errors/exit.js'
import { type Settings, writesFile } from '../options/settings.js'
import type { Screen } from '../output/screen.js'
import type { Output } from '../output/stdout.js'
import { absentFields } from '../query/absent-fields.js'
import { loopOptions, type Query, styleOf } from '../query/query.js'
import { exportTarget } from './export-target.js'
import { FileSequence } from './file-sequence.js'
import type { FileSink } from './file-sink.js'
import { checkInFlight } from './in-flight.js'
import { Interruption } from './interruption.js'
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
  private readonly interruption = new Interruption()
  private readonly files: FileSequence
  /** the current source */
  private source: CaptureSource | undefined
  /** the terminal that live tables are shown on */
  private screen: Screen | undefined
  /** whether an exception stopped a chisel */
  private chiselFailed = false
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
    this.files = new FileSequence(s, q, this.scap, this.interruption)
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
        this.manager.stopping()
        this.screen?.close()
        this.interruption.arrive(signal)
      },
      () => this.out.waiting || this.awaitsOutput() || this.awaitsInput(),
      () => this.hangUp(),
      reportUnfinished,
    )
    const run = s.read.length > 0 ? this.readFiles() : this.captureLive()
    const code = await (this.exported?.endAfter(run) ?? run).catch((e) => this.interruption.exitCodeAfter(e))
    restore()
    if (this.summary) await this.out.text(summaryText(this.summary, s))
    this.report.reportAbsences(s.format)
    if (this.receiver === undefined) this.report.hint(this.q)
    return this.chiselFailed && (code === EXIT.ok || code === EXIT.damaged) ? EXIT.failure : code
  }

  private async readFiles(): Promise<number> {
    await this.files.read(
      (source) => this.over(source),
      () => this.remainingEvents(),
    )
    return this.interruption.exitCode ?? (this.report.damaged ? EXIT.damaged : EXIT.ok)
  }

  private async captureLive(): Promise<number> {
    const { openLive } = await import('./live.js')
    const { s } = this
    this.captures = new SuccessiveCaptures((q) => openLive({ ...s, enter: s.enter || this.scap !== undefined }, q))
    const preparing = new Preparing()
    this.preparing = preparing
    const over = (c: Capturing) => this.over(c.live.source, c)
    return this.captures
      .run(this.q, s.seconds, over, () => this.interruption.signal !== undefined)
      .finally(() => preparing.end())
  }

  /** Runs over one source and closes it. */
  private async over(source: CaptureSource, { live, query: q, seconds } = this.ofFile()): Promise<void> {
    const s = { ...this.s, seconds }
    this.source = source
    const from = performance.now()
    const run = new CaptureRun(source, styleOf(s), { report: (sentence) => printMessage(`ksys: ${sentence}`) })
    let endWatch: (() => void) | undefined
    try {
      this.report.warn(absentFields(q, source.info, s))
      await run.begin()
      const { sinks, ticker } = await this.openSinks(run)
      const progress = new Progress(
        source,
        s.progress,
        process.stdout.isTTY && sinks.some((x) => x instanceof LineSink),
      )
      this.interruption.stopWith(live ? (signal) => live.interrupt(signal) : () => run.stop())
      this.dropPrivileges(live)
      live?.start()
      if (live !== undefined && s.untilEof) atEof(() => source.stop())
      endWatch = live?.machine.watchMemory(run)
      const loop = await run.run({
        sinks,
        progress,
        ...loopOptions(s, q, run.ctx),
        limit: this.remainingEvents(),
        ticker,
        lastCalls: live !== undefined && (needsLastCalls(s, q) || live.machine.ceilings !== undefined),
        onLoaded: () => {
          if (live !== undefined) optimizeForSize()
          if (live !== undefined && s.inFlight) source.stop()
          else live?.machine.watch(run)
          this.preparing?.started()
          this.manager.ready()
        },
        onBatch: () => {
          if (live !== undefined) this.keepPace(run)
          this.manager.tick(() => this.file?.status?.())
        },
      })
      this.scap?.reportOmitted()
      if (ticker?.failed) this.chiselFailed = true
      this.report.addAbsences(sinks)
      this.report.reportSource(source, loop, (performance.now() - from) / 1e3, live)
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

  /** Opens the sinks for a source at its start: those of the settings, of chisels and of the receiver. */
  private async openSinks(run: CaptureRun): Promise<{ sinks: Sink[]; ticker: ChiselSink | undefined }> {
    const { sinks, file } = await openSinks(this, { path: this.files.current, run, waiting: this.reader() })
    this.file = file
    let ticker: ChiselSink | undefined
    if (this.chiselRun !== undefined) {
      const { openChiselSink } = await import('../chisels/open-sink.js')
      const rows = await this.exported?.rows(this.reader())
      const opened = await openChiselSink(this.chiselRun, run, this.out, rows)
      ticker = opened.sink
      this.screen = opened.screen
      sinks.push(ticker)
    }
    if (this.receiver !== undefined) {
      const follow = (query: Query) => this.captures?.follow(query, run.source)
      sinks.push(...[await this.receiver.open(run, follow)].flat())
    }
    return { sinks, ticker }
  }

  /** Drops the privileges that the run no longer needs. */
  private dropPrivileges(live: Live | undefined): void {
    const { s, receiver } = this
    const isLive = live !== undefined
    const confined = confine({
      live: isLive,
      command: s.command !== undefined,
      records: isLive && (writesFile(s) || receiver !== undefined),
      attach: isLive && receiver?.reload !== undefined,
      programs: live?.looksAtPrograms === true,
    })
    reportPrivileges(confined, s.verbose)
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

  /** How to wait for the reader of the output. */
  private reader(): Waiting {
    return this.interruption.waiting(`reader of ${this.s.write ?? this.s.exported?.path}`)
  }

  /** The number of events that may still be shown; undefined: no limit. */
  private remainingEvents(): number | undefined {
    return this.s.limit === undefined ? undefined : this.s.limit - this.report.shown
  }
}

/** Whether the calls in progress at the end of a live run are used. */
function needsLastCalls(s: Settings, q: Query): boolean {
  return writesFile(s) || q.kept === true || q.inFlight === true
}

/** Reports the incomplete files of a run that ends immediately. */
function reportUnfinished(): void {
  const files = unfinishedFiles()
  if (files.length > 0) printMessage(`ksys: left incomplete (no end), cannot be read: ${files.join(', ')}`)
}
