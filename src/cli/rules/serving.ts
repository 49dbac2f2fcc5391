// The web server beside a run of rules, and its metrics as an alert or a file from time to time: what a configuration asks for.
import type { PlainMetric } from '../../metrics/metric.js'
import type { RulesConfig } from '../../rules/config/keys.js'
import { metricsOf } from '../../rules/metrics.js'
import { serve } from '../../web/server.js'
import { WebError } from '../../web/web-error.js'
import { CliError, EXIT } from '../errors/exit.js'
import { VERSION } from '../version.js'
import { MetricsFile } from './metrics-file.js'

export interface Beside {
  readonly metrics: () => Parameters<typeof metricsOf>[0]
  /** Tells the numbers as an alert. */
  readonly tellMetrics: (fields: Readonly<Record<string, number>>) => void
}

/** Begins what is asked for. Returns how to end it. Throws CliError (usage, output) where it cannot be. */
export async function serveBeside({ webserver, metrics }: RulesConfig, beside: Beside): Promise<() => Promise<void>> {
  const current = () => metricsOf(beside.metrics())
  const { enabled, interval, output_rule, output_file } = metrics
  const file = enabled && output_file !== '' ? await MetricsFile.open(output_file) : undefined
  const served = webserver.enabled
    ? await serve({
        address: webserver.listen_address,
        port: webserver.listen_port,
        healthz: webserver.k8s_healthz_endpoint,
        sources: {
          ailing: () => undefined,
          versions: () => ({ ksys: VERSION }),
          metrics: webserver.prometheus_metrics_enabled ? current : undefined,
        },
      }).catch((e: unknown) => {
        throw e instanceof WebError ? new CliError(EXIT.usage, e.message) : e
      })
    : undefined
  const take = () => {
    const fields = fieldsOf(current())
    if (output_rule) beside.tellMetrics(fields)
    file?.add(fields)
  }
  const timer = enabled ? setInterval(take, interval) : undefined
  timer?.unref()
  return async () => {
    clearInterval(timer)
    await served?.close()
    await file?.close()
  }
}

function fieldsOf(metrics: readonly PlainMetric[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    metrics.flatMap(({ name, samples }) =>
      samples.map(({ labels = {}, value }) => [[name, ...Object.values(labels)].join('.'), value] as const),
    ),
  )
}
