// Where a run writes what passes for other tools: a file, a folder of them, or a server that is sent it.
import type { Waiting } from '../../source/files.js'
import type { RowsFile } from '../chisels/sink.js'
import { formatOf } from '../options/exported.js'
import type { Settings } from '../options/parse.js'
import type { Query } from '../query/query.js'
import type { FileSink, Kept } from './file-sink.js'

export interface ExportTarget {
  /** the file or folder, or the server as it may be shown */
  readonly path: string
  /** Whether whoever reads what is written takes no more of it at present, and the end of the run would wait for that. */
  readonly blocked: boolean
  /** What takes the events of one source; the first one begins what is written. Rejects with WriteError. */
  sink(kept: Kept, waiting: Waiting): Promise<FileSink>
  /** What takes the values of a chisel. Rejects with WriteError. */
  rows(waiting: Waiting): Promise<RowsFile>
  /**
   * Ends it after a run, also after one that failed: what was written is kept. Tells what is to be known about it; returns the exit
   * code. Rejects where any of it could not be written.
   */
  endAfter(run: Promise<number>): Promise<number>
}

/** The one of a run; undefined: none. Throws CliError (usage) where a server cannot be what is asked for. */
export async function exportTarget(s: Settings, q: Query): Promise<ExportTarget | undefined> {
  const { exported } = s
  if (exported === undefined) return undefined
  if (formatOf(exported).server !== undefined) return (await import('./export-server.js')).exportServer(exported, s, q)
  if (exported.partition !== undefined)
    return new (await import('./partitioned-files.js')).PartitionedFiles(exported, s, q)
  return new (await import('./export-file.js')).ExportFile(exported, s, q)
}
