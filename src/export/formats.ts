// Declares the export formats: names, file extensions and rejected options.
import { COLUMN_FIELDS } from './columns/columns.js'
import { csvLine } from './csv/columns.js'
import type { ExportFormat } from './format.js'
import { otlpLine } from './otlp/columns.js'

const ENDS_ALREADY = 'it has each call with its start and end'
const OWN_COLUMNS = { '-p': 'its columns are fixed', '-t': 'its times are UTC timestamps' }

export const EXPORT_FORMATS: readonly ExportFormat[] = [
  {
    name: 'csv',
    extensions: ['csv'],
    rows: true,
    text: true,
    hosts: true,
    fullData: true,
    refuses: {},
    load: async () => (await import('./csv/csv.js')).csvExport,
  },
  {
    name: 'perfetto',
    extensions: ['pftrace', 'perfetto-trace'],
    fields: ['evt.args', 'evt.latency', 'proc.name', 'proc.cmdline', 'fd.name', 'container.name'],
    inFlight: true,
    refuses: {
      '-p': 'it has all arguments of each call, and no columns',
      '-t': 'it has absolute times, and the UI selects their style',
      '--enter': ENDS_ALREADY,
    },
    load: async () => (await import('./perfetto/perfetto.js')).perfettoExport,
  },
  {
    name: 'pcapng',
    extensions: ['pcapng'],
    fields: ['evt.buffer', 'evt.buflen', 'fd.name', 'proc.name', 'container.name'],
    refuses: {
      '-p': 'it has packets, and no columns',
      '-t': 'it has absolute times, and Wireshark selects their style',
      'a style of buffers (-A, -x, -X, -b)': 'it has the raw bytes',
      '-R': 'it has port numbers',
      '--enter': 'packets are created when calls end',
    },
    load: async () => (await import('./pcapng/pcapng.js')).pcapngExport,
  },
  {
    name: 'parquet',
    extensions: ['parquet'],
    fields: COLUMN_FIELDS,
    compressed: true,
    readAtEnd: true,
    partitions: true,
    hosts: true,
    fullData: true,
    refuses: OWN_COLUMNS,
    load: async () => (await import('./parquet/parquet.js')).parquetExport,
  },
  {
    name: 'arrow',
    extensions: ['arrows'],
    fields: COLUMN_FIELDS,
    compressed: true,
    stream: true,
    hosts: true,
    fullData: true,
    refuses: OWN_COLUMNS,
    load: async () => (await import('./arrow/arrow.js')).arrowExport,
  },
  {
    name: 'otlp',
    extensions: [],
    server: { path: '/v1/logs', example: 'http://127.0.0.1:4318' },
    line: otlpLine,
    fullData: true,
    refuses: { '-t': 'records have absolute times' },
    load: async () => (await import('./otlp/otlp.js')).otlpExport,
  },
]

/** The format of that name; undefined if there is none. */
export function exportNamed(name: string): ExportFormat | undefined {
  return EXPORT_FORMATS.find((f) => f.name === name)
}

/** The format that the extension of a file name selects, ignoring .gz; undefined: none. */
export function exportOfName(path: string): ExportFormat | undefined {
  const name = path.toLowerCase().replace(/\.gz$/, '')
  return EXPORT_FORMATS.find((f) => f.extensions.some((ext) => name.endsWith(`.${ext}`)))
}

/** The output format (-p) that an export format is compiled with. given: the value of -p; hosts: the events are of several hosts. */
export function exportLine({ line }: ExportFormat, format: string | undefined, hosts: boolean): string {
  return (line === undefined ? csvLine(format, hosts) : line(format)) ?? (format as string)
}
