// The web server beside a run of rules, and its metrics as an alert or a file from time to time: what a configuration asks for.
import { appendFileSync } from 'node:fs'
import type { PlainMetric } from '../../metrics/metric.js'
import type { RulesConfig } from '../../rules/config/keys.js'
import { metricsOf } from '../../rules/metrics.js'
import { serve } from '../../web/server.js'
import { WebError } from '../../web/web-error.js'
import { CliError, EXIT } from '../errors/exit.js'
import { tell } from '../run/report.js'
import { VERSION } from '../version.js'

export interface Beside {
  readonly metrics: () => Parameters<typeof metricsOf>[0]
  /** Tells the numbers as an alert. */
  readonly tellMetrics: (fields: Readonly<Record<string, number>>) => void
}

/** Begins what is asked for. Returns how to end it. Throws CliError (usage) where it cannot be. */
export async function serveBeside({ webserver, metrics }: RulesConfig, beside: Beside): Promise<() => Promise<void>> {
  const current = () => metricsOf(beside.metrics())
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
  const timer = metrics.enabled ? setInterval(() => snapshot(current(), metrics, beside), metrics.interval) : undefined
  timer?.unref()
  return async () => {
    clearInterval(timer)
    await served?.close()
  }
}

function snapshot(
  of: readonly PlainMetric[],
  { output_rule, output_file }: RulesConfig['metrics'],
  beside: Beside,
): void {
  const fields = Object.fromEntries(
    of.flatMap(({ name, samples }) =>
      samples.map(({ labels = {}, value }) => [[name, ...Object.values(labels)].join('.'), value] as const),
    ),
  )
  if (output_rule) beside.tellMetrics(fields)
  if (output_file === '') return
  try {
    appendFileSync(output_file, `${JSON.stringify({ time: new Date().toISOString(), ...fields })}\n`, { mode: 0o600 })
  } catch (e) {
    tell(`ksys: the metrics cannot be written to ${output_file}: ${(e as Error).message}`)
  }
}
