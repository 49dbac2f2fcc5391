// The formats of files, by their names, and which captures a format can hold.
import type { ExportFormat } from '../../export/format.js'
import { exportOfName } from '../../export/formats.js'
import { isScapName } from '../../scap/kind.js'
import type { CaptureSource } from '../../source/source.js'

/** The format of a file, by its name. */
export type FileFormat = 'trace' | 'scap' | ExportFormat

export function formatOfName(path: string): FileFormat {
  return isScapName(path) ? 'scap' : (exportOfName(path) ?? 'trace')
}

/** The reason why events of several hosts cannot be written in a format, as a clause; undefined if they can. */
export function refusedHosts(format: FileFormat): string | undefined {
  if (format === 'trace' || (format !== 'scap' && format.hosts === true)) return undefined
  return `${format === 'scap' ? 'a .scap file' : format.name} cannot hold several hosts`
}

/** The reason why a source cannot be written in a format, as a clause; undefined if it can. */
export function whyNot(format: FileFormat, path: string, { members }: CaptureSource): string | undefined {
  const hosts = members === undefined ? undefined : refusedHosts(format)
  if (hosts !== undefined || typeof format === 'string') return hosts
  if (format.compressed === true && /\.gz$/i.test(path)) return `${format.name} is compressed already: omit .gz`
  return undefined
}
