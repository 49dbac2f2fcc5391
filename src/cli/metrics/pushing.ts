// Sends metrics to an OpenTelemetry receiver. Values are cumulative, so the next delivery makes up for a failed one.
import type { Metric } from '../../metrics/metric.js'
import { metricsRequest, refusedMetrics } from '../../otlp/metrics-request.js'
import { type EpochTime, resourceOf } from '../../otlp/resource.js'
import type { CaptureInfo } from '../../source/source.js'
import { Sender } from '../../web/sender.js'
import { type Target, withPath } from '../../web/target.js'
import { shownUrl } from '../../web/url.js'
import { WebError } from '../../web/web-error.js'
import { CliError, EXIT } from '../errors/exit.js'
import { otlpPoster } from '../run/otlp-poster.js'
import { number, printMessage } from '../run/report.js'
import { VERSION } from '../version.js'

/** ms that the end of a run waits for the last delivery */
const PATIENCE = 10_000

/** The time range of the metrics. */
export interface Span {
  readonly start: EpochTime
  readonly now: EpochTime
}

export class MetricsPusher {
  private readonly path: string
  private readonly sender: Sender

  /** Throws CliError (usage) if the TLS files of the target are invalid. */
  constructor(target: Target, quiet: boolean) {
    const metricsTarget = withPath(target, '/v1/metrics')
    this.path = shownUrl(metricsTarget.url)
    try {
      this.sender = new Sender({
        poster: otlpPoster(metricsTarget),
        refused: refusedMetrics,
        warn: (reason) => quiet || printMessage(`ksys: ${this.path} accepted the metrics with a warning: ${reason}`),
        complain: (reason) => quiet || printMessage(`ksys: ${this.path} does not accept metrics at present: ${reason}`),
      })
    } catch (e) {
      throw e instanceof WebError ? new CliError(EXIT.usage, e.message) : e
    }
  }

  /** Sends metrics, unless the previous delivery is still pending. */
  push(metrics: readonly Metric[], info: CaptureInfo, span: Span): void {
    if (!this.sender.busy) this.offer(metrics, info, span)
  }

  /** Sends the final metrics. Rejects with CliError (output) if they could not be delivered. */
  async end(metrics: readonly Metric[], info: CaptureInfo, span: Span): Promise<void> {
    const { sender } = this
    const before = sender.failed
    this.offer(metrics, info, span)
    await sender.close(PATIENCE)
    if (sender.failed > before)
      throw new CliError(
        EXIT.output,
        `${this.path}: ${number(sender.failed - before)} values were not delivered: ${sender.reason}`,
      )
  }

  /** Stops sending after a failed run. */
  abandon(): Promise<void> {
    return this.sender.close(0)
  }

  private offer(metrics: readonly Metric[], info: CaptureInfo, { start, now }: Span): void {
    const values = metrics.reduce((n, m) => n + m.samples.length, 0)
    const description = { resource: resourceOf(info, VERSION), version: VERSION, start, now }
    this.sender.offer(metricsRequest(metrics, description), values)
  }
}
