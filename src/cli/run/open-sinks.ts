// Opens the sinks of a run: a file, lines on standard output, a summary, or the list of calls in progress.
import type { Summary } from '../../format/summary.js'
import type { CaptureRun } from '../../run/capture-run.js'
import type { Sink } from '../../run/sink.js'
import type { Waiting } from '../../source/files.js'
import type { Settings } from '../options/settings.js'
import { lineTemplate, outputOf } from '../output/format.js'
import type { Output } from '../output/stdout.js'
import type { Query } from '../query/query.js'
import { type FileSink, openFileSink } from './file-sink.js'
import { InFlightSink } from './in-flight.js'
import type { ScapFile } from './scap-file.js'
import { LineSink, SummarySink } from './sinks.js'
import type { ExportTarget } from './target.js'

/** The output of a run, for all of its sources. */
export interface Written {
  readonly s: Settings
  readonly q: Query
  readonly out: Output
  /** set with -S */
  readonly summary: Summary | undefined
  /** the .scap file that is written instead of a trace */
  readonly scap: ScapFile | undefined
  /** the export that is written instead of a trace */
  readonly exported: ExportTarget | undefined
  /** no lines are printed: a chisel or receiver handles the events */
  readonly noLines: boolean
}

/** The input of a run: a source at its start. */
interface SinkInput {
  /** the file being read */
  readonly path: string | undefined
  /** already started */
  readonly run: CaptureRun
  /** how to wait for the reader of an output FIFO */
  readonly waiting: Waiting
}

interface Sinks {
  readonly sinks: Sink[]
  /** the sink that writes events to files */
  readonly file: FileSink | undefined
}

/** Opens the sinks that the settings specify. Throws the errors of opening files. */
export async function openSinks(
  { s, q, out, summary, scap, exported, noLines }: Written,
  { path, run, waiting }: SinkInput,
): Promise<Sinks> {
  if (s.inFlight) {
    const sink = new InFlightSink(s, q, run.ctx, out, path, await outputOf(s).lines())
    return { sinks: [sink], file: undefined }
  }
  const file = await openFile(s, scap, noLines ? undefined : exported, run, waiting)
  const sinks: Sink[] = file === undefined ? [] : [file]
  if (file === undefined && !s.quiet && !noLines) {
    const template = await lineTemplate(s, q, run.ctx)
    sinks.push(new LineSink(template, out, s.unbuffered))
  }
  if (summary) sinks.push(new SummarySink(summary))
  return { sinks, file }
}

/** The sink that writes events to files; undefined: none. */
async function openFile(
  s: Settings,
  scap: ScapFile | undefined,
  exported: ExportTarget | undefined,
  run: CaptureRun,
  waiting: Waiting,
): Promise<FileSink | undefined> {
  if (exported !== undefined) return exported.sink(run, waiting)
  return s.write === undefined ? undefined : openFileSink(s.write, s, scap, run, waiting)
}

/** The output of -S: a table, or JSON lines. */
export function summaryText(summary: Summary, s: Settings): string {
  const { value } = outputOf(s)
  return value === undefined ? summary.text() : summary.values().map(value).join('')
}
