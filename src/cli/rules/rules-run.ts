// A run of rules from start to end: over one capture after another, re-reading rules when they change.
import { hostname } from 'node:os'
import type { Event } from '../../model/event.js'
import { redactedHost } from '../../redact/rules.js'
import { alertMaker } from '../../rules/alerts/maker.js'
import { compileRules } from '../../rules/engine/engine.js'
import type { Outputs } from '../../rules/outputs/outputs.js'
import type { Alert, Rule } from '../../rules/rule.js'
import type { CaptureRun } from '../../run/capture-run.js'
import type { Sink } from '../../run/sink.js'
import { reason } from '../../source/reason.js'
import { CliError, EXIT } from '../errors/exit.js'
import { liveToCliError } from '../errors/unavailable.js'
import type { Output } from '../output/stdout.js'
import type { Query } from '../query/query.js'
import { captureFor } from '../run/capture.js'
import type { Follow, Receiver } from '../run/receiver.js'
import { number, printMessage } from '../run/report.js'
import { describedInfo } from '../run/trace-file.js'
import type { AlertStyle } from './alert-options.js'
import { AlertStream } from './alert-stream.js'
import type { AlertFolder } from './capture-files/alert-folder.js'
import { AroundSink } from './capture-files/around-sink.js'
import { Coverage } from './coverage.js'
import { FilesWatch } from './files-watch.js'
import { type Circumstances, isCovered, type Prepared, prepare, writesFile } from './prepared.js'
import { changedAtStart, difference, reportErrors } from './reloads.js'
import type { RulesFiles } from './rules-files.js'
import { type CompileForSource, RulesSink } from './rules-sink.js'
import { serveMetrics } from './serving.js'

interface RulesRunOptions {
  readonly first: Prepared
  readonly circumstances: Circumstances
  readonly outputs: Outputs
  /** the style of output lines; whether they are JSON does not change */
  readonly style: { now: AlertStyle }
  /** the files to re-read rules from; undefined: never */
  readonly files: RulesFiles | undefined
  /** the folder for the calls around alerts; undefined: they are not written */
  readonly folder: AlertFolder | undefined
}

/** The current capture. */
interface CurrentCapture {
  readonly run: CaptureRun
  readonly follow: Follow
  readonly sink: RulesSink
  readonly around: AroundSink | undefined
  /** the next capture is attached, and this one ends */
  ending: boolean
}

const CHANGED = 'files changed'

export class RulesRun implements Receiver {
  private readonly stream: AlertStream
  private readonly startedAt = performance.now()
  private prepared: Prepared
  /** the rules that the newest capture was started for; it may not be the current one yet */
  private captured: Prepared
  private present: CurrentCapture | undefined
  /** sums of earlier captures */
  private readonly before = { judged: 0, lost: 0 }
  /** a pending reload: why rules are to be re-read once the capture is running */
  private pendingReload: string | undefined
  private readonly reloads = { done: 0, failed: 0 }
  /** reported warnings */
  private readonly reported = new Set<string>()

  constructor(private readonly options: RulesRunOptions) {
    const { first, outputs } = options
    const { checked, style } = first
    this.prepared = first
    this.captured = first
    const names = checked.rules.map((r) => r.name)
    this.stream = new AlertStream(outputs, names, { isoTime: style.options.isoTime, window: style.window })
  }

  get query(): Query {
    return this.captured.query
  }

  /** Runs until the input ends or a signal arrives; returns the exit code. */
  async all(out: Output): Promise<number> {
    const { outputs, first, files, circumstances } = this.options
    const { settings } = first
    this.reportWarnings(first)
    const reopen = () => outputs.reopen()
    process.on('SIGUSR1', reopen)
    const watch = this.watching()
    let closed = false
    const close = async () => {
      if (closed) return
      closed = true
      await this.stream.close()
    }
    try {
      const end = await serveMetrics(settings.config, {
        metrics: () => this.numbers(),
        emitMetrics: (fields) => this.emitMetrics(fields),
      })
      if (files !== undefined && watch !== undefined) {
        watch.watch(files.paths)
        // files may have changed between reading and watching
        if (files.changed()) this.reload(CHANGED)
      }
      const code = await captureFor(this, circumstances.s, out).finally(end)
      await close()
      if (!settings.quiet) this.reportEnd()
      return code
    } finally {
      watch?.close()
      process.removeListener('SIGUSR1', reopen)
      // deliver the alerts, even if the run failed
      await close().catch(() => undefined)
      await this.options.folder?.close()
    }
  }

  open(run: CaptureRun, follow: Follow): readonly Sink[] {
    const { info } = run
    const before = this.present?.sink.last
    this.retire()
    const around = this.aroundOf(run)
    const input = { info, coverage: run.isLive ? new Coverage(() => run.stats()) : undefined, before }
    const sink = new RulesSink(input, this.stream, this.compilerFor(this.prepared, run, around))
    this.present = { run, follow, sink, around, ending: false }
    // rules re-read in the meantime need more events than this capture has
    if (this.pendingReload !== undefined) setImmediate((cause: string) => this.reload(cause), this.pendingReload)
    this.pendingReload = undefined
    return around === undefined ? [sink] : [sink, around]
  }

  /** Re-reads the rules and evaluates them from the next event on. On an error it is reported and the previous rules stay active. */
  reload(cause = 'SIGHUP'): void {
    const { files, circumstances } = this.options
    if (files === undefined) return
    let next: Prepared
    try {
      const { settings, rules } = files.reread()
      next = prepare(settings, rules, circumstances)
    } catch (e) {
      this.reportFailure(cause, e instanceof CliError ? e : new CliError(EXIT.failure, reason(e)))
      return
    }
    if (!isCovered(this.captured, next) && !this.restartCapture(cause, next)) return
    this.reportReload(cause, next)
    this.prepared = next
    const { style } = this.options
    style.now = { ...next.style, json: style.now.json && (next.style.json ?? style.now.json) }
    this.reloads.done++
    const { present } = this
    present?.sink.setRules(this.compilerFor(next, present.run, present.around))
  }

  /** A capture has ended: adds its numbers to the sums. */
  private retire(): void {
    const { present, before } = this
    before.judged += present?.sink.judged ?? 0
    before.lost += present?.run.stats().lost ?? 0
    this.present = undefined
  }

  /** Starts another capture with the events that the rules need. Returns false if it cannot start, which is reported. */
  private restartCapture(cause: string, next: Prepared): boolean {
    const { present, prepared } = this
    if (present === undefined || present.ending) {
      // the capture that is starting was not planned for these rules, and is the only one that overlaps the present one
      this.pendingReload = cause
      return false
    }
    try {
      present.follow(next.query)
      present.ending = true
    } catch (e) {
      const error = liveToCliError(e, prepared.settings.verbose)
      this.reportFailure(cause, error instanceof CliError ? error : new CliError(EXIT.failure, reason(e)))
      return false
    }
    this.captured = next
    const text = 'The capture was restarted: the new rules need more events'
    if (!next.settings.quiet) printMessage('ksys: restarting the capture: the new rules need more events')
    this.emitInternal('restarted', text, {})
    return true
  }

  private compilerFor(
    { checked, settings, style }: Prepared,
    { source, ctx }: CaptureRun,
    around: AroundSink | undefined,
  ): CompileForSource {
    const extend = (rule: Rule, alert: Alert, e: Event): Alert => {
      const file = around !== undefined && writesFile(rule, settings) ? around.around(rule, e) : undefined
      return file === undefined ? alert : { ...alert, fields: new Map([...alert.fields, ['alert.capture', file]]) }
    }
    return (fired) => ({
      engine: compileRules(checked, ctx, { matching: settings.matching, defs: source.tables?.defs, fired }),
      maker: alertMaker(checked.rules, ctx, style.options),
      extend,
    })
  }

  private aroundOf(run: CaptureRun): AroundSink | undefined {
    const { folder, circumstances } = this.options
    if (folder === undefined || this.captured.query.kept !== true) return undefined
    const info = describedInfo(run.info, circumstances.s)
    return new AroundSink(folder, run, info, {
      report: (message) => printMessage(`ksys: ${message}`),
      full: (bytes) =>
        this.emitInternal('captureFull', 'Falco internal: capture size limit reached', { 'capture.bytes': bytes }),
    })
  }

  private watching(): FilesWatch | undefined {
    const { files, first, circumstances } = this.options
    if (files === undefined || !first.settings.watch || circumstances.s.read.length > 0) return undefined
    const watch: FilesWatch = new FilesWatch(
      () => {
        if (files.changed()) this.reload(CHANGED)
        watch.watch(files.paths)
      },
      (sentence) => printMessage(`ksys: ${sentence}`),
    )
    return watch
  }

  private numbers() {
    const { present, before, stream, prepared, reloads } = this
    return {
      alerts: stream.counts,
      joined: stream.joined,
      outputs: this.options.outputs.stats(),
      events: {
        judged: before.judged + (present?.sink.judged ?? 0),
        lost: before.lost + (present?.run.stats().lost ?? 0),
      },
      rules: prepared.checked.rules.length,
      reloads,
      uptime: (performance.now() - this.startedAt) / 1000,
    }
  }

  private emitMetrics(fields: Readonly<Record<string, number>>): void {
    this.emitInternal('metrics', 'Falco internal: metrics snapshot', fields)
  }

  /** Emits an alert about the run itself. */
  private emitInternal(
    kind: Parameters<AlertStream['emitInternal']>[0],
    text: string,
    fields: Readonly<Record<string, string | number>>,
  ): void {
    const host = redactedHost(hostname(), this.options.circumstances.s.redaction)
    this.stream.emitInternal(kind, { time: BigInt(Date.now()) * 1000000n, hostname: host, text, fields })
  }

  private reportReload(cause: string, next: Prepared): void {
    const { prepared } = this
    if (next.settings.quiet) return
    const pending = changedAtStart(this.options.first.settings, next.settings)
    const more = pending.length === 0 ? '' : `; takes effect at the next start: ${pending.join(', ')}`
    printMessage(
      `ksys: the rules were re-read (${cause}): ${difference(prepared.checked.rules, next.checked.rules)}${more}`,
    )
    this.reportWarnings(next)
  }

  private reportFailure(cause: string, e: CliError): void {
    this.reloads.failed++
    const why = reportErrors(e)
    printMessage(`ksys: the previous rules stay active (${cause}): ${why}`)
    const text = 'Falco internal: hot restart failure'
    this.emitInternal('reloadFailed', text, { 'reload.cause': cause, 'reload.reason': why })
  }

  /** Prints each warning once in a run. */
  private reportWarnings({ warnings, settings }: Prepared): void {
    if (settings.quiet) return
    for (const warning of warnings) if (!this.reported.has(warning)) printMessage(`ksys: ${warning}`)
    for (const warning of warnings) this.reported.add(warning)
  }

  private reportEnd(): void {
    const { counts, joined } = this.stream
    for (const line of counts.summary().trimEnd().split('\n')) printMessage(line)
    if (joined > 0)
      printMessage(
        `ksys: ${number(joined)} of these alerts were grouped with a similar one (same rule and group fields)`,
      )
  }
}
