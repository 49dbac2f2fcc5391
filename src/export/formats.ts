// The formats for other tools, declared once: the option, its help, what -w chooses by a name, and what is refused beside them.
import { COLUMN_FIELDS } from './columns/columns.js'
import type { ExportFormat } from './format.js'
import { otlpLine } from './otlp/columns.js'

const ENDS_ALREADY = 'each call stands in it from its beginning to its end'
const OWN_COLUMNS = { '-p': 'it has columns of its own', '-t': 'it has times of day, in UTC' }

export const EXPORT_FORMATS: readonly ExportFormat[] = [
  {
    name: 'csv',
    doc: 'a table of the fields of -p, or of what a chisel counts, for spreadsheets and databases',
    extensions: ['csv'],
    rows: true,
    text: true,
    hosts: true,
    whole: true,
    refuses: {},
    load: async () => (await import('./csv/csv.js')).csvExport,
  },
  {
    name: 'perfetto',
    doc: 'a trace for ui.perfetto.dev: calls as slices of their threads',
    extensions: ['pftrace', 'perfetto-trace'],
    fields: ['evt.args', 'evt.latency', 'proc.name', 'proc.cmdline', 'fd.name', 'container.name'],
    inFlight: true,
    refuses: {
      '-p': 'it has all arguments of each call, and no columns',
      '-t': 'it has times of day, and the UI shows them as you like',
      '--enter': ENDS_ALREADY,
    },
    load: async () => (await import('./perfetto/perfetto.js')).perfettoExport,
  },
  {
    name: 'pcapng',
    doc: 'the data of sockets as packets, for Wireshark and tshark',
    extensions: ['pcapng'],
    fields: ['evt.buffer', 'evt.buflen', 'fd.name', 'proc.name', 'container.name'],
    refuses: {
      '-p': 'it has packets, and no columns',
      '-t': 'it has times of day, and Wireshark shows them as you like',
      'a style of buffers (-A, -x, -X, -b)': 'it has the bytes themselves',
      '-R': 'it has the numbers of ports',
      '--enter': 'a packet is made where a call ends',
    },
    load: async () => (await import('./pcapng/pcapng.js')).pcapngExport,
  },
  {
    name: 'parquet',
    doc: 'a table of all events in typed columns, for DuckDB, ClickHouse and their like',
    extensions: ['parquet'],
    fields: COLUMN_FIELDS,
    compressed: true,
    readAtEnd: true,
    partitions: true,
    hosts: true,
    whole: true,
    refuses: OWN_COLUMNS,
    load: async () => (await import('./parquet/parquet.js')).parquetExport,
  },
  {
    name: 'arrow',
    doc: 'the same columns as a stream of Arrow IPC, for ClickHouse, Polars and what else reads a pipe',
    extensions: ['arrows'],
    fields: COLUMN_FIELDS,
    compressed: true,
    stream: true,
    hosts: true,
    whole: true,
    refuses: OWN_COLUMNS,
    load: async () => (await import('./arrow/arrow.js')).arrowExport,
  },
  {
    name: 'otlp',
    doc: 'records of logs for a receiver of OpenTelemetry, by HTTP: -w http://HOST:4318',
    extensions: [],
    server: '/v1/logs',
    line: otlpLine,
    whole: true,
    refuses: { '-t': 'records have times of day' },
    load: async () => (await import('./otlp/otlp.js')).otlpExport,
  },
]

/** The format of that name; undefined where there is none. */
export function exportNamed(name: string): ExportFormat | undefined {
  return EXPORT_FORMATS.find((f) => f.name === name)
}

/** The format that a file's name chooses; undefined: none. One that ends in .gz is compressed. */
export function exportOfName(path: string): ExportFormat | undefined {
  const name = path.toLowerCase().replace(/\.gz$/, '')
  return EXPORT_FORMATS.find((f) => f.extensions.some((ext) => name.endsWith(`.${ext}`)))
}
