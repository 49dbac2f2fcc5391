// A new file of what passes in one run, in the format that its name says: a trace, a .scap file, or a format for other tools.
import type { ExportFormat } from '../../export/format.js'
import { exportOfName } from '../../export/formats.js'
import { exportLine } from '../../export/line.js'
import type { CheckedFilter } from '../../filter/index.js'
import { isScapName } from '../../scap/kind.js'
import type { CaptureSource } from '../../source/source.js'
import type { State } from '../../state/state.js'
import { TraceWriter } from '../../trace/index.js'
import type { CaptureRun, RunOptions } from '../capture-run.js'
import type { Sink } from '../sink.js'
import { CHUNK, ExportSink } from './export-sink.js'
import { MergedTraceSink } from './merged-sink.js'
import { OpenExport } from './open-export.js'
import { leftOutOf, ScapSink, Scout, scapWriterFor } from './scap-sink.js'
import { TraceSink } from './trace-sink.js'

/** What the file of a name is. */
export type FileFormat = 'trace' | 'scap' | ExportFormat

export function formatOfName(path: string): FileFormat {
  return isScapName(path) ? 'scap' : (exportOfName(path) ?? 'trace')
}

/** Why a source cannot be written in a format, as a clause; undefined: it can. */
export function whyNot(format: FileFormat, path: string, { members }: CaptureSource): string | undefined {
  if (members !== undefined && format === 'scap') return 'a .scap file is of one host'
  if (typeof format === 'string') return undefined
  if (members !== undefined && format.hosts !== true) return `${format.name} is of one host`
  if (format.compressed === true && /\.gz$/i.test(path)) return `${format.name} is compressed already: leave out .gz`
  return undefined
}

export interface NewFile {
  readonly sink: Sink
  /** Ends the file; it has what was written so far. Returns what is to be known about it: sentences without their dots. Rejects with WriteError. */
  close(): Promise<readonly string[]>
  /** The run failed: what was written is kept, unless a file of an earlier run has the name. */
  closeFailed(): Promise<void>
}

export interface NewFileOptions {
  /** what it passes, for calls in flight; undefined: everything */
  readonly filter: CheckedFilter | undefined
  /** what a trace says of how it was made */
  readonly note: string
  /** who writes: a program with its version */
  readonly program: string
  /** opens what is read once more: a .scap file is written in two goes */
  readonly again: () => Promise<CaptureRun>
  /** how the rows are looked through that are written: filter and bounds */
  readonly passing: (run: CaptureRun) => Omit<RunOptions, 'sinks'>
}

/** Begins the file for a run that has begun. Rejects with TraceError or WriteError. */
export async function openNewFile(path: string, run: CaptureRun, options: NewFileOptions): Promise<NewFile> {
  const format = formatOfName(path)
  if (format === 'trace') return newTrace(path, run, options)
  if (format === 'scap') return newScap(path, run, options)
  return newExport(path, format, run, options)
}

async function newTrace(path: string, run: CaptureRun, { note }: NewFileOptions): Promise<NewFile> {
  const { source, states } = run
  if (source.members !== undefined)
    return ended(await MergedTraceSink.open(path, source.members, states, { note, waiting: {} }))
  const info = { ...source.info, note }
  const writer = await TraceWriter.open(path, { info, existing: run.snapshot, defs: source.tables?.defs })
  return ended(new TraceSink(writer, states[0] as State, source, () => run.stats()))
}

/** A file that ends with its sink. notes: what is to be known about it then. */
function ended(sink: Sink & { end(): Promise<void> }, notes: () => readonly string[] = () => []): NewFile {
  return { sink, close: async () => notes(), closeFailed: () => sink.end().catch(() => undefined) }
}

async function newScap(path: string, run: CaptureRun, { filter, again, passing }: NewFileOptions): Promise<NewFile> {
  const { source } = run
  const writer = await scapWriterFor(path, source, { bothDirections: filter === undefined })
  if (!writer.keepsOrder) {
    const before = await again()
    const scout = new Scout(writer, before)
    try {
      await (filter === undefined ? scout.all() : scout.passing(passing(before)))
    } finally {
      await before.close()
    }
  }
  await writer.open(run.snapshot)
  return ended(new ScapSink(writer, run.states[0] as State), () => leftOutOf(path, writer))
}

async function newExport(
  path: string,
  format: ExportFormat,
  run: CaptureRun,
  { filter, program }: NewFileOptions,
): Promise<NewFile> {
  const line = exportLine(format, undefined, run.source.members !== undefined)
  const file = await OpenExport.open(path, { format, line, program, packed: false, belonging: {} }, {})
  const sink = new ExportSink(file, file.made, run, { filter, room: CHUNK, isAwaited: false })
  const closeFailed = async () => {
    await file.closeFailed().catch(() => undefined)
  }
  return { sink, close: () => file.close(), closeFailed }
}
