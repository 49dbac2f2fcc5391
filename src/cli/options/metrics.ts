// `ksys metrics`: its definition, its options, and the settings that they result in. Parsing, help, manual and completion derive from them.

import { type Dimension, dimensionsOf, WORDS } from '../../metrics/labels.js'
import type { Buckets } from '../../metrics/latency-buckets.js'
import type { Target } from '../../web/target.js'
import { CliError, EXIT } from '../errors/exit.js'
import { isPublic, type Listen, listenText } from './listen.js'
import type { OptionsOf } from './option-types.js'
import { overFiles } from './over-files.js'
import type { Settings } from './settings.js'
import { settingsOf } from './settings-of.js'
import { described, type Subcommand, shared } from './subcommand.js'
import { READING_LIVE } from './subcommand-parts.js'
import { CEILING_OPTIONS, type OptionDef, PRIVACY_OPTIONS } from './table.js'
import { writtenAs } from './words.js'

const SERIES = 5_000
const BUCKETS: Buckets = 'coarse'
/** ms */
const SENT_EVERY = 60_000

/** help texts that differ from those of the main command */
const DOCS: Readonly<Record<string, string>> = {
  read: 'count the calls of a capture file instead of those of this machine. Several -r are counted together.',
  quiet: 'print no status messages',
  'no-buffers': 'hide the data of calls from the filter. Metrics contain none.',
  'no-env': 'hide environments from the filter. Metrics contain none.',
  'no-args': 'hide the arguments of programs from the filter. Metrics contain none.',
}

const PRINTED_ONCE = { refused: 'their metrics are printed or sent once' } as const

export const METRICS_OPTIONS = [
  ...described(shared('read', 'since', 'seconds'), DOCS),
  {
    long: 'by',
    value: 'WHAT',
    repeat: true,
    doc: `labels to group calls by, separated by commas (default all): ${WORDS.join(', ')}`,
  },
  {
    long: 'series',
    value: 'N',
    doc: `maximum number of series for Prometheus (default ${SERIES}). Calls beyond it are counted as other, so that sums stay exact.`,
  },
  {
    long: 'buckets',
    value: 'WORD',
    doc: `bounds of latency histograms: coarse (4), fine (13), none (only sum and count) or off (default ${BUCKETS}). off measures no latencies, which makes each call cheaper.`,
  },
  {
    long: 'interval',
    value: 'TIME',
    files: PRINTED_ONCE,
    doc: 'print the metrics every TIME, such as 10s. With --otlp, send them every TIME (default 1m).',
  },
  { long: 'openmetrics', doc: 'print the OpenMetrics format instead of the Prometheus format' },
  {
    long: 'listen',
    value: '[ADDRESS:]PORT',
    files: PRINTED_ONCE,
    doc: 'serve the metrics at /metrics instead of printing them. Without ADDRESS, only this machine can connect.',
  },
  {
    long: 'tls-cert',
    value: 'FILE',
    complete: 'file',
    doc: 'with --listen, use https with the certificate in FILE (PEM)',
  },
  { long: 'tls-key', value: 'FILE', complete: 'file', doc: 'with --tls-cert, the file with its key' },
  {
    long: 'token-file',
    value: 'FILE',
    complete: 'file',
    doc: 'with --listen, require the token in FILE from each client',
  },
  {
    long: 'insecure',
    doc: 'with --listen, allow other machines without a token and without https',
  },
  {
    long: 'otlp',
    value: 'URL',
    doc: 'send the metrics to an OpenTelemetry receiver, such as http://HOST:4318, instead of printing them. Options may follow the URL, such as ,timeout=5s.',
  },
  ...described(shared('quiet'), DOCS),
  ...shared('suppress-comm', 'attach', 'self', 'buffer', 'cri', 'docker-host', 'no-container-metadata'),
  ...CEILING_OPTIONS,
  ...described(PRIVACY_OPTIONS, DOCS),
  ...shared('progress', 'verbose', 'help'),
] as const satisfies readonly OptionDef[]

export const METRICS: Subcommand<typeof METRICS_OPTIONS> = {
  word: 'metrics',
  summary: 'count calls for Prometheus or OpenTelemetry',
  usage: [
    [
      'ksys metrics [FILTER] [-r FILE | -- CMD [ARGS]]',
      'count calls, errors, bytes and latencies by container, pod, program and call, and print them for Prometheus',
    ],
    ['ksys metrics --listen PORT [FILTER]', 'serve the metrics to Prometheus at http://127.0.0.1:PORT/metrics'],
  ],
  options: METRICS_OPTIONS,
  refuses: {
    snaplen: 'it counts calls and records none of their data',
    'no-structs': 'it counts calls and records none of their data',
    enter: 'it counts calls when they end',
    switches: 'it counts only calls',
    'page-faults': 'it counts only calls',
    stacks: 'it does not count calls by stack: ksys -c stacks does',
    'until-eof': '-M or a signal ends it',
    until: '-M sets how long it counts after --since',
    numevents: '-M or a signal ends it',
    rules: 'ksys rules counts alerts for Prometheus (webserver in falco.yaml)',
  },
  rest: 'command',
  exit: [...READING_LIVE, '128 + N', 'other'],
  notes: [
    'A filter selects the calls to count. Calls are counted when they end. A live run ends with Ctrl-C or after -M. Fewer labels (--by), fewer buckets or a filter reduce the number of series.',
    'Nothing is sent anywhere without --otlp, and no port is opened without --listen.',
  ],
  topic: 'metrics',
}

export type MetricsOptions = OptionsOf<typeof METRICS_OPTIONS>

/** Where metrics are served. */
export interface Served {
  readonly listen: Listen
  /** files in PEM */
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  readonly tokenFile: string | undefined
}

export interface MetricsSettings {
  readonly capture: Settings
  readonly dimensions: readonly Dimension[]
  /** maximum number of Prometheus series */
  readonly series: number
  readonly buckets: Buckets
  readonly format: 'prometheus' | 'openmetrics'
  /** ms between printing or sending; undefined: once, at the end */
  readonly interval: number | undefined
  readonly served: Served | undefined
  /** the receiver that they are sent to */
  readonly target: Target | undefined
}

/** Converts the options to settings. Throws CliError (usage) for options that cannot be combined. */
export function metricsSettings(
  options: MetricsOptions,
  filter: readonly string[],
  command: readonly string[] | undefined,
): MetricsSettings {
  const { by, series = SERIES, buckets = BUCKETS, interval, openmetrics, otlp, ...more } = options
  const { listen, tlsCert, tlsKey, tokenFile, insecure, ...captured } = more
  const capture = settingsOf(captured, filter, { command, warnings: overFiles(METRICS_OPTIONS, options) })
  const serving = { listen, tlsCert, tlsKey, tokenFile, insecure }
  const wrong = refusal({ interval, openmetrics, otlp, ...serving })
  if (wrong !== undefined) throw new CliError(EXIT.usage, wrong)
  // without container metadata no pod names are available
  const usual = WORDS.filter((word) => word !== 'pod' || capture.containerMetadata)
  return {
    capture,
    dimensions: dimensionsOf(by?.flat() ?? usual),
    series,
    buckets,
    format: openmetrics === true ? 'openmetrics' : 'prometheus',
    interval: interval ?? (otlp === undefined ? undefined : SENT_EVERY),
    served: servedBy(serving),
    target: otlp,
  }
}

function servedBy({ listen, tlsCert: cert, tlsKey: key, tokenFile }: MetricsOptions): Served | undefined {
  if (listen === undefined) return undefined
  return { listen, tls: cert === undefined || key === undefined ? undefined : { cert, key }, tokenFile }
}

/** An error message for options that cannot be combined; undefined: they can. */
function refusal(o: MetricsOptions): string | undefined {
  const { listen } = o
  const serverOption = (['tlsCert', 'tlsKey', 'tokenFile', 'insecure'] as const).find((name) => o[name] !== undefined)
  const rules: readonly (readonly [together: boolean, sentence: string])[] = [
    [
      listen === undefined && serverOption !== undefined,
      `${writtenAs(serverOption ?? '')} requires --listen, such as --listen 9435`,
    ],
    [
      listen !== undefined && o.interval !== undefined && o.otlp === undefined,
      '--interval sets how often metrics are printed, but --listen serves them: use one of them',
    ],
    [
      (listen ?? o.otlp) !== undefined && o.openmetrics === true,
      '--openmetrics has no effect with --listen or --otlp, which print nothing: remove it',
    ],
    [(o.tlsCert === undefined) !== (o.tlsKey === undefined), 'https needs both --tls-cert and --tls-key'],
    [
      listen !== undefined && isPublic(listen) && (o.tlsCert ?? o.tokenFile) === undefined && o.insecure === undefined,
      `other machines can reach ${listen === undefined ? '' : listenText(listen)}: use --token-file, or --tls-cert and --tls-key, or --insecure`,
    ],
  ]
  return rules.find(([together]) => together)?.[1]
}
