// Time of I/O by a field.
import { defineChisel, IO } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Time that calls spent on I/O, grouped by the value of a field.',
  category: 'I/O',
  args: { key: { type: 'field', doc: 'the field to group by, such as proc.name, fd.name or fd.directory' } },
  table: ({ args }) => ({
    keys: [args.key],
    columns: [
      { field: 'evt.latency', title: 'Time', agg: 'sum' },
      { field: args.key, title: args.key },
    ],
    filter: IO,
    top: 10,
    positive: true,
  }),
})
