// The output format (-p) that an export format is compiled with.
import { csvLine } from './csv/columns.js'
import type { ExportFormat } from './format.js'

/** given: the value of -p; hosts: the events are of several hosts. */
export function exportLine({ line }: ExportFormat, format: string | undefined, hosts: boolean): string {
  return (line === undefined ? csvLine(format, hosts) : line(format)) ?? (format as string)
}
