// Where a run writes an export: a file, a folder of files, or a server.
import { formatOf } from '../options/exported.js'
import type { Settings } from '../options/settings.js'
import type { Query } from '../query/query.js'
import type { ExportTarget } from './target.js'

/** The export target of a run; undefined: none. Throws CliError (usage) for an invalid server. */
export async function exportTarget(s: Settings, q: Query): Promise<ExportTarget | undefined> {
  const { exported } = s
  if (exported === undefined) return undefined
  if (formatOf(exported).server !== undefined) return (await import('./export-server.js')).exportServer(exported, s, q)
  if (exported.partition !== undefined)
    return new (await import('./partitioned-files.js')).PartitionedFiles(exported, s, q)
  return new (await import('./export-file.js')).ExportFile(exported, s, q)
}
