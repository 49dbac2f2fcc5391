// A run over the kernel or over files: source, state, filter and sinks put together, and what is told at its end.
import { statSync } from 'node:fs'
import { constants } from 'node:os'
import type { FieldContext } from '../../fields/field.js'
import { siblingHint } from '../../filter/index.js'
import { Summary } from '../../format/summary.js'
import type { Snapshot } from '../../model/snapshot.js'
import { Pipeline } from '../../pipeline.js'
import { redacted } from '../../redact/source.js'
import { ScapWriteError } from '../../scap/error.js'
import { isScapName } from '../../scap/kind.js'
import type { ScapWriter } from '../../scap/write/writer.js'
import { CODE_LIMIT } from '../../schema/codes.js'
import type { Arch } from '../../schema/types.js'
import type { Sink } from '../../sink.js'
import { unseenUring } from '../../source/features.js'
import { WaitCancelled, type Waiting } from '../../source/files.js'
import { openTrace } from '../../source/open.js'
import { settle } from '../../source/pace.js'
import { confine } from '../../source/privilege.js'
import type { CaptureSource, CaptureStats } from '../../source/source.js'
import { tellsInFlight } from '../../source/summary.js'
import { State } from '../../state/state.js'
import { TraceError, TraceWriter } from '../../trace/index.js'
import type { ChiselRun } from '../chisels/prepare.js'
import type { ChiselSink } from '../chisels/sink.js'
import { CliError, EXIT } from '../errors/exit.js'
import { toCliError } from '../errors/to-cli-error.js'
import { liveToCliError } from '../errors/unavailable.js'
import { ParallelLineSink } from '../lines/parallel-sink.js'
import { mayRunParallel, whenParallel } from '../lines/when-parallel.js'
import type { Settings } from '../options/parse.js'
import { lineTemplate, outputOf } from '../output/format.js'
import type { Screen } from '../output/screen.js'
import type { Output } from '../output/stdout.js'
import { absentFields } from '../query/absent-fields.js'
import { checkQuery, contextOf, loopOptions, type Query } from '../query/query.js'
import { readPlanOf } from '../query/read-plan.js'
import { VERSION } from '../version.js'
import { openFile, typesSkipped } from './file.js'
import { checkInFlight, InFlightSink } from './in-flight.js'
import type { Live } from './live.js'
import { MemoryWatch } from './memory.js'
import { Progress, reportDamage, reportLosses, reportNaming, reportStatistics, reportUnknown, tell } from './report.js'
import { refuseSameFile } from './same-file.js'
import { reportLeftOut, ScapSink, Scout, scapWriterOf } from './scap-sink.js'
import { onSignals } from './signals.js'
import { LineSink, SummarySink, TraceSink } from './sinks.js'

/** Captures or reads as the settings say; returns the exit code. */
export async function capture(s: Settings, out: Output): Promise<number> {
  const chisels = s.chisels.length === 0 ? undefined : await (await import('../chisels/prepare.js')).prepareChisels(s)
  const run = chisels
    ? new Run(chisels.settings, chisels.query, out, chisels)
    : new Run(s, checkQuery(s), out, undefined)
  try {
    return await run.all()
  } catch (e) {
    throw toCliError(liveToCliError(e, s.verbose))
  }
}

class Run {
  private shown = 0
  private damaged = false
  /** the file that is read */
  private reading: string | undefined
  private interrupted: NodeJS.Signals | undefined
  /** what is being run over */
  private source: CaptureSource | undefined
  /** ends it */
  private stop: ((signal: NodeJS.Signals) => void) | undefined
  /** the terminal that live tables are shown on */
  private screen: Screen | undefined
  /** the trace that is written, or the file for other tools */
  private trace: TraceWriter | ScapWriter | undefined
  /** what writes a file for other tools; each input is written anew */
  private scap: ScapWriter | undefined
  private readonly summary: Summary | undefined
  /** sentences about the query that were told */
  private readonly warned = new Set<string>()
  /** calls seen by code over all inputs, for the hint */
  private readonly seen = new Uint32Array(CODE_LIMIT)
  /** the machines that they are of */
  private readonly machines = new Set<Arch>()

  constructor(
    private readonly s: Settings,
    private readonly q: Query,
    private readonly out: Output,
    private readonly chisels: ChiselRun | undefined,
  ) {
    this.summary = s.summary ? new Summary() : undefined
  }

  async all(): Promise<number> {
    const { s } = this
    if (s.write === '-' && process.stdout.isTTY)
      throw new CliError(EXIT.usage, 'a trace is not for a terminal: redirect standard output, or name a file after -w')
    if (s.write === '-' && s.command !== undefined)
      throw new CliError(EXIT.usage, '-w - and -- CMD would both write to standard output: name a file after -w')
    refuseSameFile(s)
    if (s.inFlight) checkInFlight(s)
    const restore = onSignals(
      (signal) => {
        this.interrupted = signal
        this.screen?.close()
        this.stop?.(signal)
      },
      () => this.out.blocked || this.awaitsOutput() || this.awaitsInput(),
    )
    const code = await (s.read.length > 0 ? this.files() : this.live()).catch((e) => {
      if (
        (e instanceof TraceError || e instanceof ScapWriteError) &&
        e.cause instanceof WaitCancelled &&
        this.interrupted !== undefined
      )
        return 128 + constants.signals[this.interrupted]
      throw e
    })
    restore()
    if (this.summary) await this.out.text(summaryText(this.summary, s))
    this.hint()
    return code
  }

  private async files(): Promise<number> {
    const { s } = this
    for (const path of s.read) {
      if (this.interrupted || this.left() === 0) break
      this.reading = path
      if (this.scapPath !== undefined) await this.scout(path)
      await this.over(await this.open(path))
    }
    if (this.interrupted) return 128 + constants.signals[this.interrupted]
    return this.damaged ? EXIT.damaged : EXIT.ok
  }

  /** A file without what is not to be told. */
  private async open(path: string): Promise<CaptureSource> {
    const { s, q } = this
    const opened = await (s.inFlight
      ? openTrace(path, { plan: () => ({ blocks: tellsInFlight }), ...this.waiting(`write to ${path}`) })
      : openFile(path, q, this.bothDirections, readPlanOf(s, q), this.waiting(`write to ${path}`)))
    return redacted(opened, s.redaction)
  }

  /** The file for other tools that is written. */
  private get scapPath(): string | undefined {
    return this.s.write !== undefined && isScapName(this.s.write) ? this.s.write : undefined
  }

  /**
   * Whether the beginnings of calls are rows of their own. A file for other tools has both directions: of another one it takes
   * them as they are, but where a filter could pass only one of them.
   */
  private get bothDirections(): boolean {
    return this.s.enter || (this.scapPath !== undefined && this.q.filter === undefined)
  }

  private scapWriter(source: CaptureSource): Promise<ScapWriter> {
    const { bothDirections, s } = this
    return scapWriterOf(this.scapPath as string, source, { bothDirections, packed: s.compress })
  }

  /** Looks through a file that will be written for other tools, where it can be read twice. */
  private async scout(path: string): Promise<void> {
    const { s, q } = this
    this.scap = undefined
    if (path === '-' || statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return
    const source = await this.open(path)
    this.scap = await this.scapWriter(source)
    // calls that are two rows already keep their order
    if (this.scap.keepsOrder) return source.close()
    const scout = new Scout(this.scap, source)
    this.stop = () => scout.stop()
    if (this.interrupted) scout.stop()
    const part = (state: State, first: { time: number | undefined }) => ({
      ...loopOptions(s, q, contextOf(s, state, first)),
      limit: this.left(),
    })
    await scout.run(q.filter === undefined && s.seconds === undefined && this.left() === undefined ? undefined : part)
  }

  private async live(): Promise<number> {
    const { openLive } = await import('./live.js')
    const live = openLive({ ...this.s, enter: this.s.enter || this.scapPath !== undefined }, this.q)
    await this.over(redacted(live.source, this.s.redaction), live)
    return live.exitCode()
  }

  /** Runs over one source and closes it. */
  private async over(source: CaptureSource, live?: Live): Promise<void> {
    const { s } = this
    this.source = source
    const from = performance.now()
    const state = new State(source.info)
    const sinks: Sink[] = []
    let ticker: ChiselSink | undefined
    let watch: MemoryWatch | undefined
    try {
      const first: { time: number | undefined } = { time: undefined }
      const ctx = contextOf(s, state, first)
      this.warn(absentFields(this.q, source.info, s))
      const snapshot = await source.snapshot()
      let running: Pipeline | undefined
      const stats = () => (running ?? source).stats()
      sinks.push(
        ...(await this.sinks(source, state, snapshot, ctx, {
          read: () => ({ events: running?.seen ?? 0, part: source.progress() ?? 0 }),
          stats,
        })),
      )
      if (this.chisels !== undefined) {
        ticker = await this.chiselSink(this.chisels, ctx, live, stats, () => pipeline.stop())
        sinks.push(ticker)
      }
      const progress = new Progress(
        source,
        s.progress,
        process.stdout.isTTY && sinks.some((x) => x instanceof LineSink),
      )
      const pipeline: Pipeline = new Pipeline({
        source,
        state,
        sinks,
        first,
        ...loopOptions(s, this.q, ctx),
        limit: this.left(),
        ticker,
        lastCalls: live !== undefined && s.write !== undefined,
        onLoaded: live && (() => (s.inFlight ? source.stop() : live.follow(ctx))),
        onBatch: live ? settle : () => progress.tick(),
      })
      running = pipeline
      this.stop = live ? (signal) => live.interrupt(signal) : () => pipeline.stop()
      if (this.interrupted) this.stop(this.interrupted)
      confine({ live: live !== undefined, command: s.command !== undefined })
      live?.begin()
      watch = live && MemoryWatch.where(state)
      await pipeline.run(snapshot)
      progress.end(true)
      this.tellOf(source, pipeline, (performance.now() - from) / 1e3, live)
    } catch (e) {
      live?.abandon()
      // a file that is being written keeps what it has
      await Promise.allSettled(sinks.filter((x) => x instanceof TraceSink || x instanceof ScapSink).map((x) => x.end()))
      throw e
    } finally {
      watch?.stop()
      this.screen?.close()
      for (const x of sinks) if (x instanceof ParallelLineSink) await x.close()
      source.stop()
      await source.close()
    }
  }

  /** read: see whenParallel; stats: of the run so far */
  private async sinks(
    source: CaptureSource,
    state: State,
    snapshot: Snapshot,
    ctx: FieldContext,
    { read, stats }: { read: () => { events: number; part: number }; stats: () => CaptureStats },
  ): Promise<Sink[]> {
    const { s, q } = this
    const sinks: Sink[] = []
    if (s.inFlight) return [new InFlightSink(s, q, ctx, this.out, this.reading, await outputOf(s).lines())]
    if (this.scapPath !== undefined) {
      const writer = this.scap ?? (await this.scapWriter(source))
      this.trace = this.scap = writer
      await writer.open(snapshot, this.waiting(`read ${this.scapPath}`))
      sinks.push(new ScapSink(writer, state))
    } else if (s.write !== undefined) {
      const note = noteOf(s)
      const waiting = this.waiting(`read ${s.write}`)
      const trace = await TraceWriter.open(s.write, { ...source.info, note }, snapshot, source.tables?.defs, waiting)
      this.trace = trace
      sinks.push(new TraceSink(trace, state, source, stats))
    } else if (!s.quiet && this.chisels === undefined) {
      const template = await lineTemplate(s, q, ctx)
      const helped = this.reading !== undefined && mayRunParallel(s, q, this.reading)
      sinks.push(
        helped
          ? new ParallelLineSink(template, s, this.reading as string, this.out, whenParallel(read))
          : new LineSink(template, this.out, s.unbuffered),
      )
    }
    if (this.summary) sinks.push(new SummarySink(this.summary))
    return sinks
  }

  /** What runs the chisels; on a terminal, live tables and their like are shown in place. */
  private async chiselSink(
    run: ChiselRun,
    ctx: FieldContext,
    live: Live | undefined,
    stats: () => CaptureStats,
    stop: () => void,
  ): Promise<ChiselSink> {
    const [{ ChiselSink }, { Screen }] = await Promise.all([
      import('../chisels/sink.js'),
      import('../output/screen.js'),
    ])
    const only = run.chisels.length === 1 ? run.chisels[0] : undefined
    const inPlace = (only?.table !== undefined || only?.def.refreshes === true) && outputOf(this.s).value === undefined
    if (live !== undefined && inPlace && Screen.usable()) {
      this.screen = new Screen(() => process.kill(process.pid, 'SIGINT'))
      this.screen.start()
    }
    return new ChiselSink(run, ctx, this.out, this.screen, stats, stop)
  }

  /** Tells on standard error how it went, and remembers what the whole run needs. */
  private tellOf(source: CaptureSource, pipeline: Pipeline, seconds: number, live: Live | undefined): void {
    this.shown += pipeline.shown
    for (let i = 0; i < pipeline.seenTypes.length; i++) this.seen[i]! += pipeline.seenTypes[i]!
    typesSkipped(source, this.seen)
    this.machines.add(source.info.arch)
    reportUnknown(source)
    // what runs elsewhere is not the command's
    if (this.s.command === undefined && !this.s.quiet) reportNaming(source)
    if (reportDamage(source)) this.damaged = true
    if (this.scap !== undefined) reportLeftOut(this.scapPath as string, this.scap.leftOut)
    reportLosses(pipeline.stats(), live !== undefined)
    const unseen = live?.lacks.has('io_uring') ? unseenUring(pipeline.seenTypes) : undefined
    if (unseen !== undefined) tell(`ksys: ${unseen}`)
    if (this.s.verbose) reportStatistics(pipeline, seconds)
  }

  /** Whether the run may be waiting for a pipe that takes nothing more of the trace, or not even its beginning. */
  private awaitsOutput(): boolean {
    return this.trace?.blocked ?? this.s.write !== undefined
  }

  /** Whether the run may be waiting for a pipe that brings nothing more. */
  private awaitsInput(): boolean {
    const { s } = this
    return s.read.length > 0 && (s.write === undefined || this.source?.progress() === undefined)
  }

  /** How long the other end of a FIFO is waited for; what: for somebody to do. */
  private waiting(what: string): Waiting {
    return {
      stopped: () => this.interrupted !== undefined,
      long: () => tell(`ksys: waiting for somebody to ${what}`),
    }
  }

  private warn(sentences: readonly string[]): void {
    for (const sentence of sentences) if (!this.warned.has(sentence)) tell(`ksys: ${sentence}`)
    for (const sentence of sentences) this.warned.add(sentence)
  }

  /** Events that may still be shown. */
  private left(): number | undefined {
    return this.s.limit === undefined ? undefined : this.s.limit - this.shown
  }

  private hint(): void {
    if (this.shown > 0 || this.q.filter === undefined || this.s.inFlight) return
    const [arch, other] = this.machines
    const hint = siblingHint(this.q.filter.ast, this.seen, other === undefined ? arch : undefined)
    if (hint !== undefined) tell(`ksys: ${hint}`)
  }
}

/** What a trace says of how it was made. A filter may speak of what the trace is not to tell. */
function noteOf({ filter, snaplen, redaction }: Settings): string {
  const asked = filter === '' ? '' : redaction === undefined ? `, filter: ${filter}` : ', with a filter'
  return `ksys ${VERSION}${asked}, snaplen ${redaction?.noBuffers ? 0 : snaplen}`
}

function summaryText(summary: Summary, s: Settings): string {
  const { value } = outputOf(s)
  return value === undefined ? summary.text() : summary.values().map(value).join('')
}
