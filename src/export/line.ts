// The format of -p that a format for other tools is compiled with.
import { csvLine } from './csv/columns.js'
import type { ExportFormat } from './format.js'

/** given: that of the person; hosts: events of several hosts are written. */
export function exportLine({ line }: ExportFormat, given: string | undefined, hosts: boolean): string {
  return (line === undefined ? csvLine(given, hosts) : line(given)) ?? (given as string)
}
