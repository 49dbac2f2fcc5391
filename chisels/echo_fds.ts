// What processes read and write, as a conversation.
import { conversation, DATA_FIELDS, DATA_FILTER, defineChisel, NO_COLOR } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Prints the data that processes read and write.',
  details:
    'Reads are red, writes are blue. Without a filter that is everything on the machine: give one, such as proc.name=curl ' +
    'or fd.sport=80. Bytes that do not print are dots; -A keeps lines as they are, -X shows every byte.',
  category: 'I/O',
  args: { disable_color: NO_COLOR },
  fields: DATA_FIELDS,
  filter: DATA_FILTER,
  needs: { snaplen: 2000 },
  hooks: (c) => conversation(c, { whose: true }),
})
