// All outputs of a run: each alert goes to every output independently, and alerts lost by one output are reported on the others.
import { internalAlert, isInternal } from '../alerts/internal.js'
import type { Alert } from '../rule.js'
import type { OutputContext } from './channel.js'
import { OUTPUT_KINDS } from './kinds.js'
import type { Formatted, Output, OutputStats } from './output.js'
import { QueuedOutput } from './queued-output.js'
import { OutputError, type OutputSpec } from './spec.js'

/** ms between reports of losses */
const REPORT_INTERVAL = 1000

export interface OutputsOptions extends OutputContext {
  /** an alert as a line, without its end */
  readonly format: (alert: Alert) => string
  /** host name for alerts about losses */
  readonly hostname: string
}

/** Statistics of a named output. */
export interface NamedStats extends OutputStats {
  readonly name: string
}

export class Outputs {
  private reportedAt = performance.now()

  private constructor(
    private readonly outputs: readonly Output[],
    private readonly options: OutputsOptions,
    private readonly failure: { error: unknown },
  ) {}

  /**
   * Opens outputs while ksys has all its privileges; without a specification, standard output. Rejects with OutputError if one is invalid.
   */
  static async open(specs: readonly OutputSpec[], options: OutputsOptions): Promise<Outputs> {
    const opened: Output[] = []
    const failure: { error: unknown } = { error: undefined }
    const write = async (bytes: Uint8Array) => {
      try {
        await options.write(bytes)
      } catch (e) {
        failure.error ??= e
        throw e
      }
    }
    try {
      refuseTwice(specs)
      for (const spec of specs.length === 0 ? [STDOUT] : specs) {
        const { open, capacity = undefined } = OUTPUT_KINDS[spec.kind]
        const channel = await open(spec, { ...options, write })
        const { minimum, capacity: chosen = capacity } = spec
        opened.push(
          new QueuedOutput(channel, {
            name: nameOf(spec),
            minimum,
            capacity: chosen,
            reportProblem: options.reportProblem,
          }),
        )
      }
    } catch (e) {
      await Promise.all(opened.map((output) => output.close(0)))
      throw e
    }
    return new Outputs(opened, options, failure)
  }

  /** Passes an alert to all outputs. Returns at once. */
  offer(alert: Alert): void {
    const formatted = this.formatted(alert)
    for (const output of this.outputs) output.offer(formatted)
  }

  /** The queue of an output is more than half full: a caller that can should await waitForSpace(). */
  get full(): boolean {
    return this.outputs.some((output) => output.full)
  }

  /** Resolves when all queues have space again, or make no progress. Rejects if standard output was closed. */
  async waitForSpace(): Promise<void> {
    await Promise.all(this.outputs.map((output) => output.waitForSpace()))
    this.check()
  }

  /** Throws the error of an earlier write to standard output. */
  check(): void {
    if (this.failure.error !== undefined) throw this.failure.error
  }

  /** Reports lost alerts, at most once a second; call often. now: ns since 1970. */
  tick(now: bigint): void {
    if (performance.now() - this.reportedAt >= REPORT_INTERVAL) this.reportLosses(now)
  }

  /** Reopens the files by their names. */
  reopen(): void {
    for (const output of this.outputs) output.reopen()
  }

  /** Delivers queued alerts within `patience` ms, and closes. now: ns since 1970. */
  async close(patience: number, now: bigint): Promise<void> {
    this.reportLosses(now)
    await Promise.all(this.outputs.map((output) => output.close(patience)))
    for (const output of this.outputs) this.reportLossesOf(output, output.takeLosses())
  }

  stats(): NamedStats[] {
    return this.outputs.map((output) => ({ name: output.name, ...output.stats }))
  }

  private formatted(alert: Alert): Formatted {
    return { priority: alert.rule.priority, line: this.options.format(alert), internal: isInternal(alert) }
  }

  private reportLosses(now: bigint): void {
    this.reportedAt = performance.now()
    for (const output of this.outputs) {
      const losses = output.takeLosses()
      const { dropped, failed, reason } = losses
      if (dropped + failed === 0) continue
      this.reportLossesOf(output, losses)
      const fields = {
        'output.name': output.name,
        'output.dropped': dropped,
        'output.failed': failed,
        'output.reason': reason,
      }
      const alert = internalAlert('outputLoss', now, this.options.hostname, 'An output lost alerts', fields)
      const formatted = this.formatted(alert)
      for (const other of this.outputs) if (other !== output) other.offer(formatted)
    }
  }

  private reportLossesOf({ name }: Output, { dropped, failed, reason }: ReturnType<Output['takeLosses']>): void {
    const parts = [
      dropped === 0 ? undefined : `${alerts(dropped)} dropped because the queue was full`,
      failed === 0 ? undefined : `${alerts(failed)} not delivered: ${reason ?? 'unknown reason'}`,
    ]
    const messages = parts.filter((part) => part !== undefined)
    if (messages.length > 0) this.options.reportProblem(`${name}: ${messages.join('; ')}`)
  }
}

const STDOUT: OutputSpec = { kind: 'stdout' }

function alerts(n: number): string {
  return n === 1 ? '1 alert was' : `${n} alerts were`
}

/** An output as the user specifies it, without options and secrets. */
function nameOf({ kind, target }: OutputSpec): string {
  const { shown = (text: string) => text } = OUTPUT_KINDS[kind]
  return target === undefined ? kind : `${kind}=${shown(target)}`
}

/** Standard output and syslog can be used only once. Throws OutputError. */
function refuseTwice(specs: readonly OutputSpec[]): void {
  for (const kind of ['stdout', 'syslog'] as const)
    if (specs.filter((spec) => spec.kind === kind).length > 1)
      throw new OutputError(`the output ${kind} can be given only once`)
}
