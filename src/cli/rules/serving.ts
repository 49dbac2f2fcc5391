// The web server of a run of rules, and its metrics as a periodic alert or file, as falco.yaml configures them.
import type { PlainMetric } from '../../metrics/metric.js'
import type { RulesConfig } from '../../rules/config/keys.js'
import { metricsOf } from '../../rules/metrics.js'
import { serve } from '../../web/server.js'
import { WebError } from '../../web/web-error.js'
import { CliError, EXIT } from '../errors/exit.js'
import { VERSION } from '../version.js'
import { MetricsFile } from './metrics-file.js'

interface MetricsSource {
  readonly metrics: () => Parameters<typeof metricsOf>[0]
  /** Emits the metrics as an alert. */
  readonly emitMetrics: (fields: Readonly<Record<string, number>>) => void
}

/** Starts the server and the timer. Returns a function that stops them. Throws CliError (usage, output). */
export async function serveMetrics(
  { webserver, metrics }: RulesConfig,
  source: MetricsSource,
): Promise<() => Promise<void>> {
  const current = () => metricsOf(source.metrics())
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
    if (output_rule) source.emitMetrics(fields)
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
