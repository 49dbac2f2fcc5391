// What keeps the events of a run in files: one trace, several, memory that is written when asked for, or a file for other tools.
import type { FieldContext } from '../../fields/field.js'
import { type CheckedFilter, compileChecked } from '../../filter/index.js'
import type { Snapshot } from '../../model/snapshot.js'
import type { Sink } from '../../run/sink.js'
import { TraceSink } from '../../run/trace-sink.js'
import type { Waiting } from '../../source/files.js'
import type { CaptureSource, CaptureStats } from '../../source/source.js'
import type { State } from '../../state/state.js'
import type { Settings } from '../options/parse.js'
import { MergedTraceSink } from './merged-sink.js'
import { tell } from './report.js'
import { RotatingSink } from './rotation.js'
import type { ScapFile } from './scap-file.js'
import { describedInfo, noteOf, openTraceWriter } from './trace-file.js'

export interface FileSink extends Sink {
  end(): Promise<void>
  /** the write that waits for its reader, as a number that grows with what was taken; 0: none does */
  readonly awaited: number
  /** Begins another file; absent where there is but one. */
  beginFile?(): void
  /** Reads its options again; absent where that is never asked for. */
  reload?(): void
  /** How it stands, in a line. */
  status?(): string
}

/** What is kept. */
export interface Kept {
  readonly source: CaptureSource
  /** what exists at the run's start */
  readonly snapshot: Snapshot
  readonly ctx: FieldContext
  /** of the run so far */
  readonly stats: () => CaptureStats
}

/**
 * Begins what the settings ask for. path: that of -w; scap: the file for other tools that it names; waiting: for the reader of a
 * FIFO. Rejects with TraceError, WriteError or CliError.
 */
export async function openFileSink(
  path: string,
  s: Settings,
  scap: ScapFile | undefined,
  kept: Kept,
  waiting: Waiting,
): Promise<FileSink> {
  const { source, snapshot, ctx, stats } = kept
  const { states } = ctx
  const [state] = states as [State]
  if (scap !== undefined) return scap.sink(source, state, snapshot, waiting)
  if (source.members !== undefined)
    return MergedTraceSink.open(path, source.members, states, { note: noteOf(s), waiting, belonging: s.belonging })
  const info = describedInfo(source.info, s)
  if (s.recording !== undefined) {
    const { RecorderSink } = await import('../record/recorder.js')
    const testOf = (trigger: CheckedFilter) => compileChecked(trigger, ctx).test
    const of = { source, info, state, snapshot, stats, testOf, quiet: s.quiet }
    return RecorderSink.open(path, s.belonging, s.recording, of)
  }
  if (s.rotation !== undefined) {
    const complain = (sentence: string) => tell(`ksys: ${sentence}`)
    return RotatingSink.open(path, s.belonging, s.rotation, { source, info, state, snapshot, stats, complain })
  }
  return new TraceSink(await openTraceWriter(path, s, source, snapshot, waiting), state, source, stats)
}
