// `ksys metrics`: calls, errors, bytes and latencies as metrics that are printed, served to Prometheus, or sent.
import { hurry } from '../../source/pace.js'
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/help.js'
import { splitArgv } from '../options/argv.js'
import { METRICS, metricsSettings } from '../options/metrics.js'
import { parseSubcommand } from '../options/subcommand.js'
import type { Output } from '../output/stdout.js'
import { captureFor, warn } from '../run/capture.js'
import { MetricsRun } from './run.js'
import { serveMetrics } from './serving.js'

/** Counts until the input ends or a signal arrives; returns the exit code. */
export async function metrics(argv: readonly string[], out: Output): Promise<number> {
  const { words, command } = splitArgv(argv)
  const { options, words: filter } = parseSubcommand(METRICS, words)
  if (options.help) return printHelp(METRICS, out)
  if (command?.length === 0) throw new CliError(EXIT.usage, 'missing command after --')
  const s = metricsSettings(options, filter, command)
  const pusher = s.target && new (await import('./pushing.js')).MetricsPusher(s.target, s.capture.quiet)
  const run = new MetricsRun(s, out, pusher)
  warn(s.capture, run.query.filter?.warnings)
  if (s.capture.read.length === 0) hurry(false)
  const served = { metrics: () => run.metrics(), started: () => run.started }
  const end = s.served && (await serveMetrics(s.served, served, s.capture.quiet))
  const code = await captureFor(run, s.capture, out)
    .catch(async (e: unknown) => {
      await pusher?.abandon()
      throw e
    })
    .finally(end)
  await run.end()
  return code
}
