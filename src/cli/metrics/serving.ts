// Serves metrics to Prometheus.
import type { Metric } from '../../metrics/metric.js'
import { readToken } from '../../web/bearer.js'
import { serve } from '../../web/server.js'
import { serverTls } from '../../web/tls.js'
import { WebError } from '../../web/web-error.js'
import { CliError, EXIT } from '../errors/exit.js'
import { listenText } from '../options/listen.js'
import type { Served } from '../options/metrics.js'
import { printMessage } from '../run/report.js'
import { VERSION } from '../version.js'

/** The source of the metrics. */
interface MetricsProvider {
  readonly metrics: () => readonly Metric[]
  /** whether the capture has started */
  readonly started: () => boolean
}

/** Listens, and prints the address unless quiet; returns a function that stops. Throws CliError (usage) if it cannot listen. */
export async function serveMetrics(
  { listen, tls, tokenFile }: Served,
  { metrics, started }: MetricsProvider,
  quiet: boolean,
): Promise<() => Promise<void>> {
  try {
    const served = await serve({
      ...listen,
      tls: tls && serverTls(tls.cert, tls.key),
      token: tokenFile === undefined ? undefined : readToken(tokenFile),
      sources: {
        ailing: () => (started() ? undefined : 'the capture has not started'),
        versions: () => ({ ksys: VERSION }),
        metrics,
      },
    })
    if (!quiet)
      printMessage(`ksys: metrics are at ${tls === undefined ? 'http' : 'https'}://${listenText(served)}/metrics`)
    return () => served.close()
  } catch (e) {
    throw e instanceof WebError ? new CliError(EXIT.usage, e.message) : e
  }
}
