// What a run writes into that is for other tools: what each of the kinds (export-target.ts) can do.
import type { CaptureRun } from '../../run/capture-run.js'
import type { Waiting } from '../../source/files.js'
import type { RowsFile } from '../chisels/sink.js'
import type { FileSink } from './file-sink.js'

export interface ExportTarget {
  /** the file or folder, or the server as it may be shown */
  readonly path: string
  /** The write that waits for its reader, and that the end of the run would wait for, as a number that grows with what was taken; 0: none does. */
  readonly awaited: number
  /** What takes the events of one source; the first one begins what is written. Rejects with WriteError. */
  sink(run: CaptureRun, waiting: Waiting): Promise<FileSink>
  /** What takes the values of a chisel. Rejects with WriteError. */
  rows(waiting: Waiting): Promise<RowsFile>
  /**
   * Ends it after a run, also after one that failed: what was written is kept. Tells what is to be known about it; returns the exit
   * code. Rejects where any of it could not be written.
   */
  endAfter(run: Promise<number>): Promise<number>
}
