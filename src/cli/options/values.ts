// Parsers for the values of options, by the long names of the options.
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
import { diskSize, fileSize, free, lastOf, memorySize, parseRetention } from './sizes.js'

/** Most likely a field that lacks its %. */
const BARE_FIELD = /^\w+(\.\w+)+$/

/** An RFC 1123 label, as Kubernetes defines it. */
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/

/** Parsers of values; they throw InvalidArgumentError with a message. */
export const VALUES = {
  numevents: (v: string) => integer(v, 1, 'a number of events, 1 or more'),
  snaplen: (v: string) => size(v, ABI.KSYS_MAX_DATA, `a number of bytes, at most ${ABI.KSYS_MAX_DATA}`),
  refresh: (v: string) => integer(v, 100, 'a number of milliseconds, 100 or more'),
  buffer: (v: string) => size(v, 2 ** 36, 'a size such as 64M, 512K or 1G'),
  'max-cpu': percent,
  'max-memory': (v: string) => size(v, 2 ** 40, 'a size such as 256M'),
  'max-calls': (v: string) => integer(v, 1, 'a number of events, 1 or more'),
  print: (v: string) => {
    if (v === 'm' || v === 'mesos')
      throw new InvalidArgumentError('Mesos support ended with sysdig 0.35; c adds containers.')
    if (BARE_FIELD.test(v))
      throw new InvalidArgumentError(`Each line would be just this text: write fields with %, such as %${v}.`)
    return v
  },
  'file-size': (v: string) => known(fileSize(v), 'a number of million bytes, or a size such as 500K or 1G'),
  'file-seconds': seconds,
  'event-limit': (v: string) => integer(v, 1, 'a number of events, 1 or more'),
  limit: (v: string) => integer(v, 1, 'a number of files, 1 or more'),
  keep: (v: string) => known(parseRetention(v), 'a time such as 2h, or a size such as 10G'),
  'min-free': (v: string) => known(free(v), 'a percentage of the disk such as 5%, or a size such as 2G'),
  lines: (v: string) => integer(v, 0, 'a number of rows, 0 for all'),
  top: (v: string) => integer(v, 0, 'a number of rows, 0 for all'),
  latency: (v: string) => {
    const percent = /^\d+(\.\d+)?\s*%?$/.test(v) ? Number(v.replace('%', '')) : Number.NaN
    if (!Number.isFinite(percent)) throw expected('a percentage, such as 20')
    return percent
  },
  last: (v: string) => known(lastOf(v), 'a time such as 60s, or a size such as 256M'),
  after: (v: string) => known(parseDuration(v), 'a duration such as 10s, or 0s'),
  cooldown: (v: string) => known(parseDuration(v), 'a duration such as 1m, or 0s'),
  'max-files': (v: string) => integer(v, 1, 'a number of files, 1 or more'),
  least: (v: string) => integer(v, 2, 'a number of alerts, 2 or more'),
  'max-bytes-a-day': (v: string) => known(diskSize(v), 'a size such as 10G'),
  mode: (v: string) => {
    if (!/^0?[0-7]{3}$/.test(v)) throw expected('permissions in octal, such as 640')
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
    if (fields.includes('')) throw expected('fields, such as proc.name,fd.name')
    return fields
  },
  partition: (v: string) => {
    const keys = v.split(',').map((key) => PARTITION_KEYS.find((known) => known === key.trim()))
    if (!keys.every((key) => key !== undefined) || new Set(keys).size < keys.length)
      throw expected(`${PARTITION_KEYS.join(' and ')}, each at most once, such as ${PARTITION_KEYS.join(',')}`)
    return keys
  },
  by: (v: string) => {
    const words = v.split(',').map((word) => word.trim())
    if (words.some((word) => !DIMENSION_WORDS.includes(word)))
      throw expected(`some of ${DIMENSION_WORDS.join(', ')}, separated by commas`)
    return words
  },
  series: (v: string) => integer(v, 100, 'a number of series, 100 or more'),
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
    if (!NAMESPACE.test(v)) throw expected('the name of a Kubernetes namespace, such as shop')
    return v
  },
  cri: (v: string) => address(v, /^(unix:\/\/)?\/./, 'the path of a socket'),
  'docker-host': (v: string) =>
    address(v, /^((unix:\/\/)?\/.|(tcp|http):\/\/(\[[^\]]+\]|[^:/]+):\d{1,5}\/?$)/, 'unix:///path or tcp://host:port'),
} as const satisfies Readonly<Record<string, (v: string) => unknown>>

/** A fraction: 0.05 for `5%` and for `5`. */
function percent(text: string): number {
  const n = /^\d+(\.\d+)?\s*%?$/.test(text) ? Number(text.replace('%', '')) : Number.NaN
  if (!(n > 0 && n <= 100)) throw expected('a percentage above 0, such as 5%')
  return n / 100
}

/** A number of seconds, or a duration. */
function seconds(text: string): number {
  const plain = text.trim() === '' ? NaN : Number(text)
  const n = Number.isNaN(plain) ? (parseDuration(text) ?? NaN) / 1e9 : plain
  if (!Number.isFinite(n) || n <= 0)
    throw expected('a number of seconds above 0, or a duration such as 500ms, 10s or 2m')
  return n
}

/** ms between two reports. */
function interval(text: string): number {
  const s = seconds(text)
  if (s < 0.1 || s > 86_400) throw expected('a time from 100ms to 24h')
  return s * 1000
}

function milliseconds(text: string, what: string): number {
  const ns = parseDuration(text)
  if (ns === undefined || ns < 0) throw expected(what)
  return ns / 1e6
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw expected(what)
  return value
}

function address(text: string, form: RegExp, what: string): string {
  if (!form.test(text)) throw expected(what)
  return text
}

function integer(text: string, min: number, what: string): number {
  const n = Number(text)
  if (!/^\d+$/.test(text) || n < min || !Number.isSafeInteger(n)) throw expected(what)
  return n
}

function size(text: string, max: number, what: string): number {
  const n = memorySize(text)
  if (n === undefined || n > max) throw expected(what)
  return n
}

function expected(what: string): InvalidArgumentError {
  return new InvalidArgumentError(`Expected ${what}.`)
}
