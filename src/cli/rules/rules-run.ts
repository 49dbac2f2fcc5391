// A run of rules from its start to its end: over one capture after the other, with rules that may be read again meanwhile.
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
import { number, tell } from '../run/report.js'
import { describedInfo } from '../run/trace-file.js'
import type { AlertStyle } from './alert-options.js'
import { AlertStream } from './alert-stream.js'
import type { AlertFolder } from './capture-files/alert-folder.js'
import { AroundSink } from './capture-files/around-sink.js'
import { Coverage } from './coverage.js'
import { FilesWatch } from './files-watch.js'
import { brought, type Circumstances, type Prepared, prepare, writesFile } from './prepared.js'
import { difference, later, tellWrong } from './reloads.js'
import type { RulesFiles } from './rules-files.js'
import { type MakeJudging, RulesSink } from './rules-sink.js'
import { serveBeside } from './serving.js'

/** What a run is given. */
export interface RunOf {
  readonly first: Prepared
  readonly circumstances: Circumstances
  readonly outputs: Outputs
  /** of the lines that outputs are given; whether they are JSON stays */
  readonly style: { now: AlertStyle }
  /** from which rules are read again; undefined: never */
  readonly files: RulesFiles | undefined
  /** where calls around alerts are written; undefined: nowhere */
  readonly folder: AlertFolder | undefined
}

/** A capture that is run over. */
interface Present {
  readonly run: CaptureRun
  readonly follow: Follow
  readonly sink: RulesSink
  readonly around: AroundSink | undefined
}

const CHANGED = 'files changed'

export class RulesRun implements Receiver {
  private readonly stream: AlertStream
  private readonly begun = performance.now()
  private prepared: Prepared
  /** what the newest capture was begun for, which the present one may not be yet */
  private captured: Prepared
  private present: Present | undefined
  /** what earlier captures had */
  private readonly before = { judged: 0, lost: 0 }
  /** why rules are to be read again once the capture runs */
  private late: string | undefined
  private readonly reloads = { done: 0, failed: 0 }
  private readonly told = new Set<string>()

  constructor(private readonly of: RunOf) {
    const { first, outputs } = of
    const { checked, style } = first
    this.prepared = first
    this.captured = first
    const names = checked.rules.map((r) => r.name)
    this.stream = new AlertStream(outputs, names, { isoTime: style.options.isoTime, window: style.window })
  }

  get query(): Query {
    return this.captured.query
  }

  /** Runs until the input ends or a signal comes; returns the exit code. */
  async all(out: Output): Promise<number> {
    const { outputs, first, files, circumstances } = this.of
    const { settings } = first
    this.tellDoubts(first)
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
      const end = await serveBeside(settings.config, {
        metrics: () => this.numbers(),
        tellMetrics: (fields) => this.tellMetrics(fields),
      })
      if (files !== undefined && watch !== undefined) {
        watch.watch(files.paths)
        // what changed between reading and watching
        if (files.changed()) this.reload(CHANGED)
      }
      const code = await captureFor(this, circumstances.s, out).finally(end)
      await close()
      if (!settings.quiet) this.tellEnd()
      return code
    } finally {
      watch?.close()
      process.removeListener('SIGUSR1', reopen)
      // what was found is delivered, whatever ended the run
      await close().catch(() => undefined)
      await this.of.folder?.close()
    }
  }

  open(run: CaptureRun, follow: Follow): readonly Sink[] {
    const { info } = run
    const before = this.present?.sink.last
    this.retire()
    const around = this.aroundOf(run)
    const of = { info, coverage: run.isLive ? new Coverage(() => run.stats()) : undefined, before }
    const sink = new RulesSink(of, this.stream, this.judgingOf(this.prepared, run, around))
    this.present = { run, follow, sink, around }
    // rules that were read again meanwhile asked for more than is captured
    if (this.late !== undefined) setImmediate((cause: string) => this.reload(cause), this.late)
    this.late = undefined
    return around === undefined ? [sink] : [sink, around]
  }

  /** Reads the rules again, and has them asked from the next event on. What is wrong is told, and those before stay. */
  reload(cause = 'SIGHUP'): void {
    const { files, circumstances } = this.of
    if (files === undefined) return
    let next: Prepared
    try {
      const { settings, rules } = files.again()
      next = prepare(settings, rules, circumstances)
    } catch (e) {
      this.tellFailed(cause, e instanceof CliError ? e : new CliError(EXIT.failure, reason(e)))
      return
    }
    if (!brought(this.captured, next) && !this.captureAnew(cause, next)) return
    this.tellDone(cause, next)
    this.prepared = next
    const { style } = this.of
    style.now = { ...next.style, json: style.now.json && (next.style.json ?? style.now.json) }
    this.reloads.done++
    const { present } = this
    present?.sink.setRules(this.judgingOf(next, present.run, present.around))
  }

  /** A capture has ended: of its numbers the sums are kept. */
  private retire(): void {
    const { present, before } = this
    before.judged += present?.sink.judged ?? 0
    before.lost += present?.run.stats().lost ?? 0
    this.present = undefined
  }

  /** Has a capture follow that brings what rules ask for. False: it cannot be begun, which was told. */
  private captureAnew(cause: string, next: Prepared): boolean {
    const { present, prepared } = this
    if (present === undefined) {
      // what is begun at present was not asked for it
      this.late = cause
      return false
    }
    try {
      present.follow(next.query)
    } catch (e) {
      const error = liveToCliError(e, prepared.settings.verbose)
      this.tellFailed(cause, error instanceof CliError ? error : new CliError(EXIT.failure, reason(e)))
      return false
    }
    this.captured = next
    const text = 'The capture was begun anew for rules that ask for more'
    if (!next.settings.quiet) tell(`ksys: the capture is begun anew for rules that ask for more`)
    this.tellInternal('restarted', text, {})
    return true
  }

  private judgingOf(
    { checked, settings, style }: Prepared,
    { source, ctx }: CaptureRun,
    around: AroundSink | undefined,
  ): MakeJudging {
    const kept = (rule: Rule, alert: Alert, e: Event): Alert => {
      const file = around !== undefined && writesFile(rule, settings) ? around.around(rule, e) : undefined
      return file === undefined ? alert : { ...alert, fields: new Map([...alert.fields, ['alert.capture', file]]) }
    }
    return (fired) => ({
      engine: compileRules(checked, ctx, { matching: settings.matching, defs: source.tables?.defs, fired }),
      maker: alertMaker(checked.rules, ctx, style.options),
      kept,
    })
  }

  private aroundOf(run: CaptureRun): AroundSink | undefined {
    const { folder, circumstances } = this.of
    if (folder === undefined || this.captured.query.kept !== true) return undefined
    const info = describedInfo(run.info, circumstances.s)
    return new AroundSink(folder, run, info, {
      tell: (sentence) => tell(`ksys: ${sentence}`),
      full: (bytes) =>
        this.tellInternal('captureFull', 'Falco internal: capture size limit reached', { 'capture.bytes': bytes }),
    })
  }

  private watching(): FilesWatch | undefined {
    const { files, first, circumstances } = this.of
    if (files === undefined || !first.settings.watch || circumstances.s.read.length > 0) return undefined
    const watch: FilesWatch = new FilesWatch(
      () => {
        if (files.changed()) this.reload(CHANGED)
        watch.watch(files.paths)
      },
      (sentence) => tell(`ksys: ${sentence}`),
    )
    return watch
  }

  private numbers() {
    const { present, before, stream, prepared, reloads } = this
    return {
      alerts: stream.counts,
      joined: stream.joined,
      outputs: this.of.outputs.stats(),
      events: {
        judged: before.judged + (present?.sink.judged ?? 0),
        lost: before.lost + (present?.run.stats().lost ?? 0),
      },
      rules: prepared.checked.rules.length,
      reloads,
      uptime: (performance.now() - this.begun) / 1000,
    }
  }

  private tellMetrics(fields: Readonly<Record<string, number>>): void {
    this.tellInternal('metrics', 'Falco internal: metrics snapshot', fields)
  }

  private tellInternal(
    kind: Parameters<AlertStream['tell']>[0],
    text: string,
    fields: Readonly<Record<string, string | number>>,
  ): void {
    const host = redactedHost(hostname(), this.of.circumstances.s.redaction)
    this.stream.tell(kind, { time: BigInt(Date.now()) * 1000000n, hostname: host, text, fields })
  }

  private tellDone(cause: string, next: Prepared): void {
    const { prepared } = this
    if (next.settings.quiet) return
    const staying = later(this.of.first.settings, next.settings)
    const more = staying.length === 0 ? '' : `; ${staying.join(', ')} will count at the next start`
    tell(`ksys: the rules were read again (${cause}): ${difference(prepared.checked.rules, next.checked.rules)}${more}`)
    this.tellDoubts(next)
  }

  private tellFailed(cause: string, e: CliError): void {
    this.reloads.failed++
    const why = tellWrong(e)
    tell(`ksys: all rules stay as they were before (${cause}): ${why}`)
    const text = 'Falco internal: hot restart failure'
    this.tellInternal('reloadFailed', text, { 'reload.cause': cause, 'reload.reason': why })
  }

  /** Each once in a run. */
  private tellDoubts({ doubts, settings }: Prepared): void {
    if (settings.quiet) return
    for (const sentence of doubts) if (!this.told.has(sentence)) tell(`ksys: ${sentence}`)
    for (const sentence of doubts) this.told.add(sentence)
  }

  private tellEnd(): void {
    const { counts, joined } = this.stream
    for (const line of counts.summary().trimEnd().split('\n')) tell(line)
    if (joined > 0) tell(`ksys: ${number(joined)} of these alerts were told by one that is like them`)
  }
}
