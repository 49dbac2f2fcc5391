// Where the events of a run go: into a file, lines on standard output, a summary, or the list of what is in flight.
import type { Summary } from '../../format/summary.js'
import type { CaptureRun } from '../../run/capture-run.js'
import type { Sink } from '../../run/sink.js'
import type { Waiting } from '../../source/files.js'
import type { Settings } from '../options/parse.js'
import { lineTemplate, outputOf } from '../output/format.js'
import type { Output } from '../output/stdout.js'
import type { Query } from '../query/query.js'
import { type FileSink, openFileSink } from './file-sink.js'
import { InFlightSink } from './in-flight.js'
import type { ScapFile } from './scap-file.js'
import { LineSink, SummarySink } from './sinks.js'
import type { ExportTarget } from './target.js'

/** What is written, for all sources of the run. */
export interface Written {
  readonly s: Settings
  readonly q: Query
  readonly out: Output
  /** of -S */
  readonly summary: Summary | undefined
  /** the file for other tools that is written instead of a trace */
  readonly scap: ScapFile | undefined
  /** the file of another format that is written instead */
  readonly exported: ExportTarget | undefined
  /** somebody else takes the events, in place of lines */
  readonly noLines: boolean
}

/** What it is written of: a source as it is at its beginning. */
export interface WrittenOf {
  /** the file that is read */
  readonly path: string | undefined
  /** begun */
  readonly run: CaptureRun
  /** for somebody who reads a FIFO that is written to */
  readonly waiting: Waiting
}

export interface Sinks {
  readonly sinks: Sink[]
  /** the one of them that keeps events in files */
  readonly file: FileSink | undefined
}

/** Opens what the settings ask for. Throws what opening files throws. */
export async function openSinks(
  { s, q, out, summary, scap, exported, noLines }: Written,
  of: WrittenOf,
): Promise<Sinks> {
  const { path, run, waiting } = of
  if (s.inFlight) {
    const sink = new InFlightSink(s, q, run.ctx, out, path, await outputOf(s).lines())
    return { sinks: [sink], file: undefined }
  }
  const file = await openedFile(s, scap, noLines ? undefined : exported, run, waiting)
  const sinks: Sink[] = file === undefined ? [] : [file]
  if (file === undefined && !s.quiet && !noLines) {
    const template = await lineTemplate(s, q, run.ctx)
    sinks.push(new LineSink(template, out, s.unbuffered))
  }
  if (summary) sinks.push(new SummarySink(summary))
  return { sinks, file }
}

/** What keeps the events in files; undefined: nothing does. */
async function openedFile(
  s: Settings,
  scap: ScapFile | undefined,
  exported: ExportTarget | undefined,
  run: CaptureRun,
  waiting: Waiting,
): Promise<FileSink | undefined> {
  if (exported !== undefined) return exported.sink(run, waiting)
  return s.write === undefined ? undefined : openFileSink(s.write, s, scap, run, waiting)
}

/** The table of -S, or its rows for programs. */
export function summaryText(summary: Summary, s: Settings): string {
  const { value } = outputOf(s)
  return value === undefined ? summary.text() : summary.values().map(value).join('')
}
