// The options of `ksys metrics`, and what they say as settings. Parsing, its help, manual and completion are made from the table.

import { DIMENSIONS, type Dimension, dimensionsOf, WORDS } from '../../metrics/labels.js'
import type { Buckets } from '../../metrics/latency-buckets.js'
import { TARGET_OPTIONS, type Target } from '../../web/target.js'
import { CliError, EXIT } from '../errors/exit.js'
import { isPublic, type Listen, listenText } from './listen.js'
import type { Settings } from './parse.js'
import { shared } from './subcommand.js'
import { CEILING_OPTIONS, type OptionDef, PRIVACY_OPTIONS } from './table.js'

const SERIES = 5_000
const BUCKETS: Buckets = 'coarse'
/** ms */
const SENT_EVERY = 60_000

/** what means something else here */
const DOCS: Readonly<Record<string, string>> = {
  read: 'count the calls of a capture file instead of those of this machine; several -r are counted together',
  seconds: 'end after SECONDS of capture time; 500ms, 2m or 1h too',
  quiet: 'tell nothing of how it stands',
  'no-buffers': 'keep the data of I/O and of messages from the filter; metrics have none',
  'no-env': 'keep environments from the filter; metrics have none',
  'no-args': 'keep the arguments of programs from the filter; metrics have none',
}

const own = (...names: readonly string[]): OptionDef[] =>
  shared(...names).map((o) => ({ ...o, doc: DOCS[o.long] ?? o.doc }))

export const METRICS_OPTIONS: readonly OptionDef[] = [
  ...own('read', 'from', 'seconds'),
  {
    long: 'by',
    value: 'WHAT',
    repeat: true,
    doc: `what calls are told apart by, several with commas (default all): ${DIMENSIONS.map((d) => `${d.word} (${d.doc})`).join(', ')}`,
  },
  {
    long: 'series',
    value: 'N',
    doc: `series that Prometheus gets at most (default ${SERIES}), each bucket of a histogram counted: what finds no place counts as other, so that sums stay exact`,
  },
  {
    long: 'buckets',
    value: 'WORD',
    doc: `buckets of latencies: coarse (bounds at 16 µs, 1 ms, 67 ms and 4.3 s), fine (13 bounds from 1 µs to 17 s) or none (sum and count alone) (default ${BUCKETS}); calls with one set of labels are 9 to 11 series, 18 to 20 or 5 to 7`,
  },
  {
    long: 'interval',
    value: 'TIME',
    doc: 'print the metrics every TIME, such as 10s, not only at the end; with --otlp: how often they are sent (default 1m)',
  },
  { long: 'openmetrics', doc: "print the text of OpenMetrics instead of Prometheus' own" },
  {
    long: 'listen',
    value: '[ADDRESS:]PORT',
    doc: 'print nothing, and let Prometheus fetch /metrics there, in both formats; without ADDRESS this machine alone can. There is also /healthz',
  },
  {
    long: 'tls-cert',
    value: 'FILE',
    complete: 'file',
    doc: 'with --listen: speak https with the certificate in FILE (PEM)',
  },
  { long: 'tls-key', value: 'FILE', complete: 'file', doc: 'with --tls-cert: its key' },
  {
    long: 'token-file',
    value: 'FILE',
    complete: 'file',
    doc: 'with --listen: only who brings the token in FILE is answered (Authorization: Bearer TOKEN)',
  },
  {
    long: 'insecure',
    doc: 'with --listen: other machines may ask without a token and without https',
  },
  {
    long: 'otlp',
    value: 'URL',
    doc: `print nothing, and send the metrics to a receiver of OpenTelemetry, such as http://HOST:4318; behind the URL may follow ${TARGET_OPTIONS.map((o) => `,${o}`).join(' ')}`,
  },
  ...own('quiet'),
  ...shared('suppress-comm', 'self', 'buffer', 'cri', 'docker-host', 'no-container-metadata'),
  ...CEILING_OPTIONS,
  ...own(...PRIVACY_OPTIONS.map((o) => o.long)),
  ...shared('progress', 'verbose', 'help'),
]

/** Options as commander gives them. */
export interface MetricsWords {
  by?: readonly (readonly string[])[]
  series?: number
  buckets?: Buckets
  interval?: number
  openmetrics?: true
  listen?: Listen
  tlsCert?: string
  tlsKey?: string
  tokenFile?: string
  insecure?: true
  otlp?: Target
}

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
  /** series of Prometheus that there may be */
  readonly series: number
  readonly buckets: Buckets
  readonly format: 'prometheus' | 'openmetrics'
  /** ms between two times that they are printed or sent; undefined: once, at the end */
  readonly interval: number | undefined
  readonly served: Served | undefined
  /** the receiver that they are sent to */
  readonly target: Target | undefined
}

/** What the options say. Throws CliError (usage) where they do not go together. */
export function metricsSettings(o: MetricsWords, capture: Settings): MetricsSettings {
  const wrong = refusal(o, capture)
  if (wrong !== undefined) throw new CliError(EXIT.usage, wrong)
  // without runtimes nobody knows of pods
  const usual = WORDS.filter((word) => word !== 'pod' || capture.containerMetadata)
  return {
    capture,
    dimensions: dimensionsOf(o.by?.flat() ?? usual),
    series: o.series ?? SERIES,
    buckets: o.buckets ?? BUCKETS,
    format: o.openmetrics === true ? 'openmetrics' : 'prometheus',
    interval: o.interval ?? (o.otlp === undefined ? undefined : SENT_EVERY),
    served: servedBy(o),
    target: o.otlp,
  }
}

function servedBy({ listen, tlsCert: cert, tlsKey: key, tokenFile }: MetricsWords): Served | undefined {
  if (listen === undefined) return undefined
  return { listen, tls: cert === undefined || key === undefined ? undefined : { cert, key }, tokenFile }
}

/** What of the options does not go together, in a sentence. */
function refusal(o: MetricsWords, { read }: Settings): string | undefined {
  const { listen } = o
  const ofServer = (['tlsCert', 'tlsKey', 'tokenFile', 'insecure'] as const).find((name) => o[name] !== undefined)
  const rules: readonly (readonly [together: boolean, sentence: string])[] = [
    [
      listen === undefined && ofServer !== undefined,
      `--${dashed(ofServer ?? '')} is about who may fetch metrics: say where, such as --listen 9435`,
    ],
    [read.length > 0 && listen !== undefined, '-r reads a file to its end, which leaves nothing to --listen for'],
    [read.length > 0 && o.interval !== undefined, '-r tells what a file has once: leave --interval out'],
    [
      listen !== undefined && o.interval !== undefined && o.otlp === undefined,
      '--interval is how often metrics are printed, and --listen has them fetched: use one of them',
    ],
    [
      (listen ?? o.otlp) !== undefined && o.openmetrics === true,
      '--openmetrics is what is printed, and --listen and --otlp print nothing: leave it out',
    ],
    [(o.tlsCert === undefined) !== (o.tlsKey === undefined), 'https needs both --tls-cert and --tls-key'],
    [
      listen !== undefined && isPublic(listen) && (o.tlsCert ?? o.tokenFile) === undefined && o.insecure === undefined,
      `other machines can reach ${listen === undefined ? '' : listenText(listen)}: give --token-file or --tls-cert and --tls-key, or say --insecure`,
    ],
  ]
  return rules.find(([together]) => together)?.[1]
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)
}
