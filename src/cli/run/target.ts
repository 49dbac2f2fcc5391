// The interface of export targets (export-target.ts opens them).
import type { CaptureRun } from '../../run/capture-run.js'
import type { Waiting } from '../../source/files.js'
import type { RowsFile } from '../chisels/sink.js'
import type { FileSink } from './file-sink.js'

export interface ExportTarget {
  /** the file or folder, or the server's URL without credentials */
  readonly path: string
  /** identifies the write that waits for its reader, a number that grows with each piece written; 0: none waits */
  readonly awaited: number
  /** The sink for the events of one source; the first one opens the output. Rejects with WriteError. */
  sink(run: CaptureRun, waiting: Waiting): Promise<FileSink>
  /** The output for the rows of a chisel. Rejects with WriteError. */
  rows(waiting: Waiting): Promise<RowsFile>
  /**
   * Completes the output after a run, even a failed one, and prints notes about it. Returns the exit code. Rejects if anything could not be
   * written.
   */
  endAfter(run: Promise<number>): Promise<number>
}
