// Data that processes read and write, as a conversation.
import { conversation, DATA_FIELDS, DATA_FILTER, defineChisel, NO_COLOR } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Prints the data that processes read and write.',
  details:
    'Reads are red, writes are blue. Without a filter, the data of the whole machine are printed; use one, such as ' +
    'proc.name=curl or fd.sport=80. Unprintable bytes are shown as dots; -A retains lines, -X shows every byte.',
  category: 'I/O',
  args: { disable_color: NO_COLOR },
  fields: DATA_FIELDS,
  filter: DATA_FILTER,
  needs: { snaplen: 2000 },
  hooks: (c) => conversation(c, { whose: true }),
})
