// What the values of options may be, by the words of the options: text to what the settings have.
import { InvalidArgumentError } from 'commander'
import { parseDuration } from '../../filter/time.js'
import { WORDS as DIMENSION_WORDS } from '../../metrics/labels.js'
import { BUCKET_WORDS } from '../../metrics/latency-buckets.js'
import { parseOutput } from '../../rules/outputs/parse.js'
import { OutputError } from '../../rules/outputs/spec.js'
import { PRIORITIES, parsePriority } from '../../rules/rule.js'
import { ABI } from '../../schema/abi.js'
import { parseTarget } from '../../web/target.js'
import { WebError } from '../../web/web-error.js'
import { PARTITION_KEYS } from './exported.js'
import { listenOf } from './listen.js'
import { lastOf } from './recording.js'
import { fileSize, free, kept } from './rotation.js'
import { diskSize, memorySize } from './sizes.js'

/** What is most likely a field that lacks its %. */
const BARE_FIELD = /^\w+(\.\w+)+$/

/** What Kubernetes calls a label of RFC 1123. */
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/

/** Parsers of values; they throw InvalidArgumentError with a sentence. */
export const VALUES: Readonly<Record<string, (v: string) => unknown>> = {
  numevents: (v: string) => whole(v, 1, 'a number of events, 1 or more'),
  snaplen: (v: string) => size(v, ABI.KSYS_MAX_DATA, `a number of bytes, at most ${ABI.KSYS_MAX_DATA}`),
  refresh: (v: string) => whole(v, 100, 'a number of milliseconds, 100 or more'),
  buffer: (v: string) => size(v, 2 ** 36, 'a size such as 64M, 512K or 1G'),
  'max-cpu': percent,
  'max-memory': (v: string) => size(v, 2 ** 40, 'a size such as 256M'),
  'max-calls': (v: string) => whole(v, 1, 'a number of events, 1 or more'),
  print: (v: string) => {
    if (v === 'm' || v === 'mesos') throw new InvalidArgumentError('Mesos ended with sysdig 0.35; c adds containers.')
    if (BARE_FIELD.test(v))
      throw new InvalidArgumentError(`Each line would be just that word: fields are written with %, such as %${v}.`)
    return v
  },
  'file-size': (v: string) => known(fileSize(v), 'a number of million bytes, or a size such as 500K or 1G'),
  'file-seconds': seconds,
  'event-limit': (v: string) => whole(v, 1, 'a number of events, 1 or more'),
  limit: (v: string) => whole(v, 1, 'a number of files, 1 or more'),
  keep: (v: string) => known(kept(v), 'a span of time such as 2h, or a size such as 10G'),
  'min-free': (v: string) => known(free(v), 'a part of the disk such as 5%, or a size such as 2G'),
  lines: (v: string) => whole(v, 0, 'a number of rows, 0 for all'),
  top: (v: string) => whole(v, 0, 'a number of rows, 0 for all'),
  latency: (v: string) => {
    const percent = /^\d+(\.\d+)?\s*%?$/.test(v) ? Number(v.replace('%', '')) : Number.NaN
    if (!Number.isFinite(percent)) throw new InvalidArgumentError('A percentage is expected, such as 20.')
    return percent
  },
  last: (v: string) => known(lastOf(v), 'a span of time such as 60s, or a size such as 256M'),
  after: (v: string) => known(parseDuration(v), 'a duration such as 10s, or 0s'),
  cooldown: (v: string) => known(parseDuration(v), 'a duration such as 1m, or 0s'),
  'max-files': (v: string) => whole(v, 1, 'a number of files, 1 or more'),
  least: (v: string) => whole(v, 2, 'a number of alerts, 2 or more'),
  'max-bytes-a-day': (v: string) => known(diskSize(v), 'a size such as 10G'),
  mode: (v: string) => {
    if (!/^0?[0-7]{3}$/.test(v)) throw new InvalidArgumentError('Permissions in octal are expected, such as 640.')
    return Number.parseInt(v, 8)
  },
  seconds,
  priority: (v: string) => known(parsePriority(v), `one of ${PRIORITIES.join(', ')}`),
  output: (v: string) => {
    try {
      return parseOutput(v)
    } catch (e) {
      throw e instanceof OutputError ? new InvalidArgumentError(`${e.message}.`) : e
    }
  },
  'group-by': (v: string) => {
    const fields = v.split(',').map((field) => field.trim())
    if (fields.includes('')) throw new InvalidArgumentError('Expected are fields, such as proc.name,fd.name.')
    return fields
  },
  partition: (v: string) => {
    const keys = v.split(',').map((key) => key.trim())
    const odd = keys.find((key) => !(PARTITION_KEYS as readonly string[]).includes(key))
    if (odd !== undefined || new Set(keys).size < keys.length)
      throw new InvalidArgumentError(
        `Expected are ${PARTITION_KEYS.join(' and ')}, each once, such as ${PARTITION_KEYS.join(',')}.`,
      )
    return keys
  },
  by: (v: string) => {
    const words = v.split(',').map((word) => word.trim())
    if (words.some((word) => !DIMENSION_WORDS.includes(word)))
      throw new InvalidArgumentError(`Expected are some of ${DIMENSION_WORDS.join(', ')}, with commas between them.`)
    return words
  },
  series: (v: string) => whole(v, 100, 'a number of series, 100 or more'),
  buckets: (v: string) =>
    known(
      BUCKET_WORDS.find((word) => word === v),
      `one of ${BUCKET_WORDS.join(', ')}`,
    ),
  interval: (v: string) => interval(v),
  listen: (v: string) => known(listenOf(v), 'a port, or an address with one: 9435, 10.0.0.1:9435, [::1]:9435'),
  otlp: (v: string) => {
    try {
      return parseTarget(v)
    } catch (e) {
      throw e instanceof WebError ? new InvalidArgumentError(`${e.message}.`) : e
    }
  },
  window: (v: string) => milliseconds(v, 'a duration such as 1m'),
  'name-wait': (v: string) => milliseconds(v, 'a duration such as 500ms, or 0s'),
  'only-namespace': (v: string) => {
    if (!NAMESPACE.test(v))
      throw new InvalidArgumentError('Expected is the name of a Kubernetes namespace, such as shop.')
    return v
  },
  cri: (v: string) => address(v, /^(unix:\/\/)?\/./, 'the path of a socket'),
  'docker-host': (v: string) =>
    address(v, /^((unix:\/\/)?\/.|(tcp|http):\/\/(\[[^\]]+\]|[^:/]+):\d{1,5}\/?$)/, 'unix:///path or tcp://host:port'),
}

/** A part: 0.05 of `5%` and of `5`. */
function percent(text: string): number {
  const n = /^\d+(\.\d+)?\s*%?$/.test(text) ? Number(text.replace('%', '')) : Number.NaN
  if (!(n > 0 && n <= 100)) throw new InvalidArgumentError('A percentage above 0 is expected, such as 5%.')
  return n / 100
}

/** A number of seconds, or a duration. */
function seconds(text: string): number {
  const plain = text.trim() === '' ? NaN : Number(text)
  const n = Number.isNaN(plain) ? (parseDuration(text) ?? NaN) / 1e9 : plain
  if (!Number.isFinite(n) || n <= 0)
    throw new InvalidArgumentError('Expected is a number of seconds above 0, or a duration such as 500ms, 10s or 2m.')
  return n
}

/** ms between two reports. */
function interval(text: string): number {
  const s = seconds(text)
  if (s < 0.1 || s > 86_400) throw new InvalidArgumentError('Expected is a time from 100ms to 24h.')
  return s * 1000
}

function milliseconds(text: string, expected: string): number {
  const ns = parseDuration(text)
  if (ns === undefined || ns < 0) throw new InvalidArgumentError(`Expected is ${expected}.`)
  return ns / 1e6
}

function known<T>(value: T | undefined, expected: string): T {
  if (value === undefined) throw new InvalidArgumentError(`Expected is ${expected}.`)
  return value
}

function address(text: string, form: RegExp, expected: string): string {
  if (!form.test(text)) throw new InvalidArgumentError(`Expected is ${expected}.`)
  return text
}

function whole(text: string, min: number, expected: string): number {
  const n = Number(text)
  if (!/^\d+$/.test(text) || n < min || !Number.isSafeInteger(n))
    throw new InvalidArgumentError(`Expected is ${expected}.`)
  return n
}

function size(text: string, max: number, expected: string): number {
  const n = memorySize(text)
  if (n === undefined || n > max) throw new InvalidArgumentError(`Expected is ${expected}.`)
  return n
}
