// A table of given fields.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'A custom table: sums of a field, grouped by other fields.',
  details:
    'Example: ksys -c table_generator proc.name,fd.name Process,File evt.latency Time evt.is_io=true 10 time\n' +
    'timepct is a percentage of the elapsed time.',
  category: 'Misc',
  args: {
    keys: { type: 'string', doc: 'fields to group by, separated by commas' },
    keydescs: { type: 'string', doc: 'their titles, separated by commas' },
    value: { type: 'field', doc: 'the field to sum' },
    valuedesc: { type: 'string', doc: 'its title' },
    filter: { type: 'string', doc: 'a filter as one argument; none for no filter' },
    top_number: { type: 'int', doc: 'number of rows to show' },
    value_units: { type: 'string', doc: 'unit of the values', choices: ['none', 'bytes', 'time', 'timepct'] },
  },
  table: ({ args }) => {
    const keys = args.keys.split(',')
    const titles = args.keydescs.split(',')
    const unit = args.value_units === 'none' ? 'count' : args.value_units
    return {
      keys,
      columns: [
        { field: args.value, title: args.valuedesc, agg: 'sum', unit },
        ...keys.map((field, i) => ({ field, title: titles[i] ?? field })),
      ],
      ...(args.filter === 'none' || args.filter === '' ? {} : { filter: args.filter }),
      top: args.top_number,
      positive: true,
    }
  },
})
