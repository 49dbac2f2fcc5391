// Bytes by a field.
import { BYTES, defineChisel, IO } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Bytes read and written, grouped by the value of a field.',
  category: 'I/O',
  args: { key: { type: 'field', doc: 'the field to group by, such as proc.name, fd.name or fd.directory' } },
  table: ({ args }) => ({
    keys: [args.key],
    columns: [BYTES, { field: args.key, title: args.key }],
    filter: `${IO} and evt.failed=false`,
    top: 30,
    positive: true,
  }),
})
