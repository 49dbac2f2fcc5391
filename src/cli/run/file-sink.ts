// The sinks that write the events of a run to files: one trace, several, dumps of memory on request, or a .scap file.
import type { CaptureRun } from '../../run/capture-run.js'
import type { Sink } from '../../run/sink.js'
import { MergedTraceSink } from '../../run/write/merged-sink.js'
import { TraceSink } from '../../run/write/trace-sink.js'
import type { Waiting } from '../../source/files.js'
import type { State } from '../../state/state.js'
import type { Settings } from '../options/settings.js'
import { printMessage } from './report.js'
import { RotatingSink } from './rotation.js'
import type { ScapFile } from './scap-file.js'
import { describedInfo, makingOf, openTraceWriter } from './trace-file.js'

export interface FileSink extends Sink {
  end(): Promise<void>
  /** identifies the write that waits for its reader, a number that grows with each piece written; 0: none waits */
  readonly awaited: number
  /** Starts a new file; absent if there is only one. */
  startFile?(): void
  /** Re-reads its options; absent if they cannot change. */
  reload?(): void
  /** Its status in one line. */
  status?(): string
}

/**
 * Opens the output of -w. path: that of -w; scap: set if it is a .scap file; waiting: how to wait for the reader of a FIFO. Rejects with
 * TraceError, WriteError or CliError.
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
    return MergedTraceSink.open(path, source.members, states, { making: makingOf(s), waiting, belonging: s.belonging })
  const info = describedInfo(source.info, s)
  if (s.recording !== undefined) {
    const { RecorderSink } = await import('../record/recorder.js')
    return RecorderSink.open(path, s.belonging, s.recording, run, { info, quiet: s.quiet })
  }
  if (s.rotation !== undefined) {
    const reportProblem = (message: string) => printMessage(`ksys: ${message}`)
    return RotatingSink.open(path, s.belonging, s.rotation, run, { info, reportProblem })
  }
  return new TraceSink(await openTraceWriter(path, s, run, waiting), states[0] as State, source, () => run.stats())
}
