// Whether a run writes a file for other tools: --to names the format, or the extension of -w does.

import type { ExportFormat, RejectedOption } from '../../export/format.js'
import { EXPORT_FORMATS, exportNamed, exportOfName } from '../../export/formats.js'
import { didYouMean } from '../../filter/suggest.js'
import { isScapName } from '../../scap/kind.js'
import { CliError, EXIT } from '../errors/exit.js'
import { isPoint } from './time-range.js'

/** A file for other tools. */
export interface Exported {
  /** name of the format (src/export/formats.ts) */
  readonly format: string
  /** - is standard output */
  readonly path: string
  /** compress it, whatever its name is */
  readonly packed: boolean
  /** the keys that distinguish the files of a folder; undefined: path is a file */
  readonly partition?: readonly PartitionKey[] | undefined
}

/** Keys of --partition: a folder for each host, and for each hour in UTC, in the order of the keys. */
export const PARTITION_KEYS = ['host', 'hour'] as const
export type PartitionKey = (typeof PARTITION_KEYS)[number]

/**
 * The format and the point at which reading ends, from the values of --to and --until. --to accepts a point as well, as in older versions.
 * Throws CliError (usage) for anything else.
 */
export function partsOfTo(
  values: string | readonly string[] | undefined,
  until?: string,
): { readonly end: string | undefined; readonly format: string | undefined } {
  const words = [values ?? []].flat().map((word) => word.trim())
  const formats = words.filter((word) => exportNamed(word) !== undefined)
  const rest = words.filter((word) => !formats.includes(word))
  const wrong = rest.find((word) => !isPoint(word))
  if (wrong !== undefined) throw usage(noFormat(wrong))
  const points = [...rest, ...(until === undefined ? [] : [until])]
  if (formats.length > 1) throw usage(`--to ${formats.join(' and --to ')}: a file has one format`)
  if (points.length > 1) throw usage(`reading can end at only one point, not at ${points.join(' and ')}`)
  return { end: points[0], format: formats[0] }
}

/** Whether -z applies to a run, because it writes an export format or a .scap file. */
export function compresses({
  write,
  to,
}: {
  readonly write?: string
  readonly to?: string | readonly string[]
}): boolean {
  if (partsOfTo(to).format !== undefined) return true
  return write !== undefined && (isScapName(write) || exportOfName(write) !== undefined)
}

/** The message for a value of --to that is neither a format nor a point in a file. */
function noFormat(word: string): string {
  const names = EXPORT_FORMATS.map((f) => f.name)
  return `'${word}' is not a format${didYouMean(word, names)}; formats to write are ${names.join(', ')}`
}

/** The file for other tools that a run writes; undefined: none. format: that of --to; write: the file of -w. */
export function exportedOf(
  format: string | undefined,
  write: string | undefined,
  packed: boolean,
  partition?: readonly PartitionKey[],
): Exported | undefined {
  const name = format ?? (write === undefined ? undefined : exportOfName(write)?.name)
  if (partition !== undefined) refusePartition(name, write)
  return name === undefined ? undefined : { format: name, path: write ?? '-', packed, partition }
}

/** Throws CliError (usage) unless -w is a folder and the format supports partitions. */
function refusePartition(format: string | undefined, write: string | undefined): void {
  const able = EXPORT_FORMATS.filter((f) => f.partitions === true).map((f) => f.name)
  if (format === undefined || !able.includes(format))
    throw usage(`--partition writes a folder of ${able.join(' or ')} files: add --to ${able[0]} -w FOLDER`)
  if (write === undefined || write === '-') throw usage('--partition requires -w FOLDER')
}

/** The format of a run that writes for other tools. */
export function formatOf({ format }: Exported): ExportFormat {
  return exportNamed(format) as ExportFormat
}

/** The formats that can contain rows of chisels. */
const WITH_ROWS = EXPORT_FORMATS.filter((f) => f.rows === true)
  .map((f) => f.name)
  .join(' or ')

/** Other settings that can conflict with an export. */
interface OtherSettings {
  readonly exported: Exported | undefined
  readonly format: string | undefined
  readonly bufferStyle: string
  readonly output: string
  readonly chisels: readonly unknown[]
  readonly resolvePorts: boolean
  readonly enter: boolean
  readonly inFlight: boolean
  readonly quiet: boolean
  readonly summary: boolean
}

/** Throws CliError (usage) for options that do not apply to a file for other tools; written: -w was given; timed: -t was given. */
export function refuseBesideExport(s: OtherSettings, { written, timed }: { written: boolean; timed: boolean }): void {
  const { exported } = s
  if (exported === undefined) return
  const { name, rows, refuses, compressed, server } = formatOf(exported)
  const given: Readonly<Record<RejectedOption, boolean>> = {
    '-p': s.format !== undefined && s.format !== 'p',
    '-t': timed,
    'a style of buffers (-A, -x, -X, -b)': s.bufferStyle !== 'dots',
    '-R': s.resolvePorts,
    '--enter': s.enter,
  }
  for (const [option, why] of Object.entries(refuses))
    if (given[option as RejectedOption]) throw usage(`${option} does not apply to ${name}: ${why}`)
  const wrong: readonly (readonly [together: boolean, sentence: string])[] = [
    [
      server !== undefined && exported.path === '-',
      `${name} is sent to a server: name it with -w, such as -w ${server?.example}`,
    ],
    [s.output !== 'text', `-j and ${name} are two formats: use one of them`],
    [s.inFlight, `--inflight prints the calls at one point in time: they cannot be written as ${name}`],
    [s.quiet && !written, `-q prints nothing, but --to ${name} prints: name a file with -w`],
    [
      s.summary && exported.path === '-',
      `-S and ${name} both print to standard output: name a file for the ${name} with -w`,
    ],
    [s.chisels.length > 0 && rows !== true, `${name} cannot represent the table of a chisel: use --to ${WITH_ROWS}`],
    [
      compressed === true && (exported.packed || /\.gz$/i.test(exported.path)),
      `${name} is compressed already, so that readers can fetch parts of it: remove ${exported.packed ? '-z' : '.gz'}`,
    ],
    [s.chisels.length > 1, `a table has the columns of one chisel: use only one -c with ${name}`],
  ]
  const first = wrong.find(([together]) => together)
  if (first !== undefined) throw usage(first[1])
}

function usage(message: string): CliError {
  return new CliError(EXIT.usage, message)
}
