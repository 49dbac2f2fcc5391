// A new file with the passing events of one run, in the format of its name: a trace, a .scap file, or a format for
// other tools.
import type { ExportFormat } from '../../export/format.js'
import { exportLine } from '../../export/formats.js'
import type { CheckedFilter } from '../../filter/index.js'
import { describedAs, type Making } from '../../source/source.js'
import type { State } from '../../state/state.js'
import { TraceWriter } from '../../trace/index.js'
import type { CaptureRun, RunOptions } from '../capture-run.js'
import type { Sink } from '../sink.js'
import { CHUNK, ExportSink } from './export-sink.js'
import { formatOfName } from './file-format.js'
import { MergedTraceSink } from './merged-sink.js'
import { OpenExport } from './open-export.js'
import { omissionNotes, ScapSink, Scout, scapWriterFor } from './scap-sink.js'
import { TraceSink } from './trace-sink.js'

interface NewFile {
  readonly sink: Sink
  /**
   * Ends the file, which contains everything written so far. Returns notes about it: sentences without full stops.
   * Rejects with WriteError.
   */
  close(): Promise<readonly string[]>
  /** Ends the file of a failed run: it is kept, unless it replaces a file of an earlier run. */
  closeFailed(): Promise<void>
}

interface NewFileOptions {
  /** the run's filter, for calls in flight; undefined: everything passes */
  readonly filter: CheckedFilter | undefined
  /** how a trace is made */
  readonly making: Making
  /** the writing program and its version */
  readonly program: string
  /** opens the input again: a .scap file is written in two passes */
  readonly again: () => Promise<CaptureRun>
  /** how the rows to write are scouted: filter and bounds */
  readonly passing: (run: CaptureRun) => Omit<RunOptions, 'sinks'>
}

/** Starts the file of a run that has started. Rejects with TraceError or WriteError. */
export async function openNewFile(path: string, run: CaptureRun, options: NewFileOptions): Promise<NewFile> {
  const format = formatOfName(path)
  if (format === 'trace') return newTrace(path, run, options)
  if (format === 'scap') return newScap(path, run, options)
  return newExport(path, format, run, options)
}

async function newTrace(path: string, run: CaptureRun, { making }: NewFileOptions): Promise<NewFile> {
  const { source, states } = run
  if (source.members !== undefined)
    return fileOf(await MergedTraceSink.open(path, source.members, states, { making, waiting: {} }))
  const info = describedAs(source.info, making)
  const writer = await TraceWriter.open(path, { info, existing: run.snapshot, defs: source.tables?.defs })
  return fileOf(new TraceSink(writer, states[0] as State, source, () => run.stats()))
}

/** A file that ends with its sink. notes: returns the notes about it. */
function fileOf(sink: Sink & { end(): Promise<void> }, notes: () => readonly string[] = () => []): NewFile {
  return { sink, close: async () => notes(), closeFailed: () => sink.end().catch(() => undefined) }
}

async function newScap(path: string, run: CaptureRun, { filter, again, passing }: NewFileOptions): Promise<NewFile> {
  const { source } = run
  const writer = await scapWriterFor(path, source, { bothDirections: filter === undefined })
  if (!writer.keepsOrder) {
    const scoutRun = await again()
    const scout = new Scout(writer, scoutRun)
    try {
      await (filter === undefined ? scout.all() : scout.passing(passing(scoutRun)))
    } finally {
      await scoutRun.close()
    }
  }
  await writer.open(run.snapshot)
  return fileOf(new ScapSink(writer, run.states[0] as State), () => omissionNotes(path, writer))
}

async function newExport(
  path: string,
  format: ExportFormat,
  run: CaptureRun,
  { filter, program }: NewFileOptions,
): Promise<NewFile> {
  const line = exportLine(format, undefined, run.source.members !== undefined)
  const file = await OpenExport.open(path, { format, line, program, packed: false, belonging: {} }, {})
  const sink = new ExportSink(file, file.exporter, run, { filter, bufferBytes: CHUNK, isAwaited: false })
  const closeFailed = async () => {
    await file.closeFailed().catch(() => undefined)
  }
  return { sink, close: () => file.close(), closeFailed }
}
