// What keeps the events of a run in files: one trace, several, memory that is written when asked for, or a file for other tools.
import type { CaptureRun } from '../../run/capture-run.js'
import type { Sink } from '../../run/sink.js'
import { MergedTraceSink } from '../../run/write/merged-sink.js'
import { TraceSink } from '../../run/write/trace-sink.js'
import type { Waiting } from '../../source/files.js'
import type { State } from '../../state/state.js'
import type { Settings } from '../options/parse.js'
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

/**
 * Begins what the settings ask for. path: that of -w; scap: the file for other tools that it names; waiting: for the reader of a
 * FIFO. Rejects with TraceError, WriteError or CliError.
 */
export async function openFileSink(
  path: string,
  s: Settings,
  scap: ScapFile | undefined,
  run: CaptureRun,
  waiting: Waiting,
): Promise<FileSink> {
  const { source, states } = run
  if (scap !== undefined) return scap.sink(run, waiting)
  if (source.members !== undefined)
    return MergedTraceSink.open(path, source.members, states, { note: noteOf(s), waiting, belonging: s.belonging })
  const info = describedInfo(source.info, s)
  if (s.recording !== undefined) {
    const { RecorderSink } = await import('../record/recorder.js')
    return RecorderSink.open(path, s.belonging, s.recording, run, { info, quiet: s.quiet })
  }
  if (s.rotation !== undefined) {
    const complain = (sentence: string) => tell(`ksys: ${sentence}`)
    return RotatingSink.open(path, s.belonging, s.rotation, run, { info, complain })
  }
  return new TraceSink(await openTraceWriter(path, s, run, waiting), states[0] as State, source, () => run.stats())
}
