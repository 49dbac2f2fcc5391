// `ksys rules`: runs rules over this machine or over files, and tells what they find.
import { hostname } from 'node:os'
import { registry } from '../../fields/index.js'
import { onDemand } from '../../filter/index.js'
import { alertJson } from '../../rules/alerts/json.js'
import { alertMaker } from '../../rules/alerts/maker.js'
import { alertLine } from '../../rules/alerts/text.js'
import { type CheckedRules, captureFilter, checkRules } from '../../rules/engine/checked.js'
import { compileRules } from '../../rules/engine/engine.js'
import { rulesByCode, shadowedRules } from '../../rules/engine/types-of.js'
import { Outputs } from '../../rules/outputs/outputs.js'
import { OutputError } from '../../rules/outputs/spec.js'
import type { Rule } from '../../rules/rule.js'
import { hostArch } from '../../schema/arch.js'
import { hurry } from '../../source/pace.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Settings } from '../options/parse.js'
import type { RulesSettings } from '../options/rules.js'
import { Output } from '../output/stdout.js'
import { contextOf, emptyState, orUsage, type Query } from '../query/query.js'
import { captureFor } from '../run/capture.js'
import type { Received } from '../run/receiver.js'
import { number, tell } from '../run/report.js'
import { VERSION } from '../version.js'
import { type AlertStyle, alertStyle } from './alert-options.js'
import { AlertStream } from './alert-stream.js'
import { Coverage } from './coverage.js'
import { outputSpecs } from './output-specs.js'
import { rulesQuery } from './rules-query.js'
import { RulesSink } from './rules-sink.js'
import { serveBeside } from './serving.js'
import { uncaptured } from './uncaptured.js'

/** Runs the enabled rules until the input ends or a signal comes; returns the exit code. */
export async function runRules(o: RulesSettings, rules: readonly Rule[]): Promise<number> {
  const out = new Output()
  const s: Settings = { ...o.capture, snaplen: o.snaplen }
  const specs = orUsageOfOutputs(() => outputSpecs(o))
  const onTerminal = process.stdout.isTTY === true && specs.every(({ kind }) => kind === 'stdout')
  const style = alertStyle(o, onTerminal)
  const checked = checkRules(rulesToRun(rules, o.quiet), registry)
  const printed = orUsage(() => alertMaker(checked.rules, contextOf(s, emptyState()), style.options).fieldsUsed)
  const query = rulesQuery(checked, printed, o.nameWait)
  if (!o.quiet) for (const sentence of doubts(checked, o, s)) tell(`ksys: ${sentence}`)
  if (s.read.length === 0) hurry(true)
  const outputs = await openOutputs(specs, style, out)
  return new Run(checked, o, s, query, style, outputs).all(out)
}

/** The rules that are asked. Throws CliError (usage) where there are none. */
export function rulesToRun(rules: readonly Rule[], quiet: boolean): Rule[] {
  const enabled = rules.filter((r) => r.enabled)
  const active = enabled.filter((r) => r.source === 'syscall')
  const sources = new Set(enabled.filter((r) => r.source !== 'syscall').map((r) => r.source))
  if (sources.size > 0 && !quiet)
    tell(`ksys: rules about events of ${[...sources].join(', ')} never fire: ksys has none of these`)
  if (active.length === 0)
    throw new CliError(EXIT.usage, rules.length === 0 ? 'there are no rules to run' : 'no rule is enabled')
  return active
}

/** Sentences about rules that never fire, and about what is not done for them. */
function doubts(checked: CheckedRules, { matching }: RulesSettings, s: Settings): string[] {
  const by = rulesByCode(checked)
  const shadowed = matching === 'all' ? [] : shadowedRules(checked, by)
  const sentences = shadowed.map(
    ({ rule, by: [first] }) =>
      `the rule '${rule.name}' never fires: what fulfils it fulfils '${first?.name}' before it (--rule-matching all tells both)`,
  )
  const arch = hostArch()
  if (s.read.length > 0 || arch === undefined) return sentences
  return [...uncaptured(checked, by, onDemand(captureFilter(checked)), arch), ...sentences]
}

function openOutputs(specs: Parameters<typeof Outputs.open>[0], style: AlertStyle, out: Output): Promise<Outputs> {
  const { json, options } = style
  const { isoTime } = options
  return Outputs.open(specs, {
    json: json !== undefined,
    write: (bytes) => out.write(bytes),
    complain: (sentence) => tell(`ksys: ${sentence}`),
    version: VERSION,
    hostname: hostname(),
    format: (alert) => (json === undefined ? alertLine(alert, isoTime) : alertJson(alert, json, isoTime)),
  }).catch((e: unknown) => {
    throw e instanceof OutputError ? new CliError(EXIT.usage, e.message) : e
  })
}

function orUsageOfOutputs<T>(f: () => T): T {
  try {
    return f()
  } catch (e) {
    throw e instanceof OutputError ? new CliError(EXIT.usage, e.message) : e
  }
}

class Run {
  private readonly stream: AlertStream
  private readonly begun = performance.now()
  /** the source that is run over */
  private current: { sink: RulesSink; stats: Received['stats'] } | undefined
  /** of sources that are over */
  private readonly before = { judged: 0, lost: 0 }

  constructor(
    private readonly checked: CheckedRules,
    private readonly o: RulesSettings,
    private readonly s: Settings,
    private readonly query: Query,
    private readonly style: AlertStyle,
    private readonly outputs: Outputs,
  ) {
    const names = checked.rules.map((r) => r.name)
    this.stream = new AlertStream(outputs, names, { isoTime: style.options.isoTime, window: style.window })
  }

  async all(out: Output): Promise<number> {
    const reopen = () => this.outputs.reopen()
    process.on('SIGUSR1', reopen)
    let closed = false
    const close = async () => {
      if (closed) return
      closed = true
      await this.stream.close()
    }
    try {
      const end = await serveBeside(this.o.config, {
        metrics: () => this.numbers(),
        tellMetrics: (fields) => this.tellMetrics(fields),
      })
      const code = await captureFor(
        { query: this.query, open: (received) => this.sinkOf(received) },
        this.s,
        out,
      ).finally(end)
      await close()
      if (!this.o.quiet) this.tellEnd()
      return code
    } finally {
      process.removeListener('SIGUSR1', reopen)
      // what was found is delivered, whatever ended the run
      await close().catch(() => undefined)
    }
  }

  private sinkOf({ source, ctx, live, stats }: Received): RulesSink {
    const { checked, o, style } = this
    this.before.judged += this.current?.sink.judged ?? 0
    this.before.lost += this.current?.stats().lost ?? 0
    const of = { info: source.info, coverage: live ? new Coverage(stats) : undefined }
    const sink = new RulesSink(of, this.stream, (fired) => ({
      engine: compileRules(checked, ctx, { matching: o.matching, defs: source.tables?.defs, fired }),
      maker: alertMaker(checked.rules, ctx, style.options),
    }))
    this.current = { sink, stats }
    return sink
  }

  private numbers() {
    const { current, before, stream, outputs, checked } = this
    return {
      alerts: stream.counts,
      joined: stream.joined,
      outputs: outputs.stats(),
      events: {
        judged: before.judged + (current?.sink.judged ?? 0),
        lost: before.lost + (current?.stats().lost ?? 0),
      },
      rules: checked.rules.length,
      uptime: (performance.now() - this.begun) / 1000,
    }
  }

  private tellMetrics(fields: Readonly<Record<string, number>>): void {
    const text = 'Falco internal: metrics snapshot'
    this.stream.tell('metrics', { time: BigInt(Date.now()) * 1000000n, hostname: hostname(), text, fields })
  }

  private tellEnd(): void {
    const { counts, joined } = this.stream
    for (const line of counts.summary().trimEnd().split('\n')) tell(line)
    if (joined > 0) tell(`ksys: ${number(joined)} of these alerts were told by one that is like them`)
  }
}
