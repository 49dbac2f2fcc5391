// Whether a run writes a file for other tools: --to names the format, or -w by the name of the file.

import type { ExportFormat, Refused } from '../../export/format.js'
import { EXPORT_FORMATS, exportNamed, exportOfName } from '../../export/formats.js'
import { nearest } from '../../filter/suggest.js'
import { CliError, EXIT } from '../errors/exit.js'

/** A file for other tools. */
export interface Exported {
  /** name of the format (src/export/formats.ts) */
  readonly format: string
  /** - is standard output */
  readonly path: string
  /** it is compressed, whatever its name is */
  readonly packed: boolean
  /** by what the files of a folder are told apart; undefined: path is a file */
  readonly partition?: readonly PartitionKey[] | undefined
}

/** What --partition may name: a folder for each host, and for each hour in UTC, in the order of the keys. */
export const PARTITION_KEYS = ['host', 'hour'] as const
export type PartitionKey = (typeof PARTITION_KEYS)[number]

/** The words of --to, which ends what is read, or names a format: formats are no points in a file. */
export function partsOfTo(raw: unknown): { readonly when: string | undefined; readonly format: string | undefined } {
  const words = raw === undefined ? [] : ([raw].flat() as string[]).map((word) => word.trim())
  const isFormat = (word: string) => exportNamed(word) !== undefined
  const formats = words.filter(isFormat)
  const points = words.filter((word) => !isFormat(word))
  if (formats.length > 1) throw usage(`--to ${formats.join(' and --to ')}: a file has one format`)
  if (points.length > 1) throw usage(`--to ${points.join(' and --to ')}: what is read ends once`)
  return { when: points[0], format: formats[0] }
}

/** What to write after --to, for a word that is neither a format nor a point in a file. */
export function formatHint(word: string): string {
  const names = EXPORT_FORMATS.map((f) => f.name)
  const near = nearest(word, names)
  return near === undefined ? `; formats to write are ${names.join(', ')}` : `; did you mean the format ${near}?`
}

/** What a run writes for other tools; undefined: nothing. format: that of --to; write: what -w names. */
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

/** Throws CliError (usage) where no folder is written in a format whose files can be told apart. */
function refusePartition(format: string | undefined, write: string | undefined): void {
  const able = EXPORT_FORMATS.filter((f) => f.partitions === true).map((f) => f.name)
  if (format === undefined || !able.includes(format))
    throw usage(`--partition makes a folder of ${able.join(' or ')} files: add --to ${able[0]} -w FOLDER`)
  if (write === undefined || write === '-') throw usage('--partition makes a folder: name it with -w')
}

/** The format of a run that writes for other tools. */
export function formatOf({ format }: Exported): ExportFormat {
  return exportNamed(format) as ExportFormat
}

/** What else a run is asked to do. */
interface Beside {
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

/** Throws CliError (usage) for options that a file for other tools has no use for; written: -w was given; timed: -t was. */
export function refuseBesideExport(s: Beside, { written, timed }: { written: boolean; timed: boolean }): void {
  const { exported } = s
  if (exported === undefined) return
  const { name, rows, refuses, compressed, server } = formatOf(exported)
  const given: Readonly<Record<Refused, boolean>> = {
    '-p': s.format !== undefined && s.format !== 'p',
    '-t': timed,
    'a style of buffers (-A, -x, -X, -b)': s.bufferStyle !== 'dots',
    '-R': s.resolvePorts,
    '--enter': s.enter,
  }
  for (const [option, why] of Object.entries(refuses))
    if (given[option as Refused]) throw usage(`${option} has no meaning for ${name}: ${why}`)
  const wrong: readonly (readonly [together: boolean, sentence: string])[] = [
    [
      server !== undefined && exported.path === '-',
      `${name} goes to a server: name it with -w, such as -w http://127.0.0.1:4318`,
    ],
    [s.output !== 'text', `-j and ${name} are two formats: use one of them`],
    [s.inFlight, `--inflight prints what runs at one moment: it cannot be written as ${name}`],
    [s.quiet && !written, `-q prints nothing and --to ${name} prints: name a file after -w`],
    [
      s.summary && exported.path === '-',
      `-S prints on standard output, where the ${name} goes: name a file for it after -w`,
    ],
    [s.chisels.length > 0 && rows !== true, `${name} has no place for what a chisel counts: --to csv does`],
    [
      compressed === true && (exported.packed || /\.gz$/i.test(exported.path)),
      `${name} is compressed already, so that its parts can be read alone: leave out ${exported.packed ? '-z' : '.gz'}`,
    ],
    [s.chisels.length > 1, `a table has the columns of one chisel: use -c once with ${name}`],
  ]
  const first = wrong.find(([together]) => together)
  if (first !== undefined) throw usage(first[1])
}

function usage(message: string): CliError {
  return new CliError(EXIT.usage, message)
}
