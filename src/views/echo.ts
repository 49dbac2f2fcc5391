// Echo: the data that a selection reads and writes, as a conversation.
import { defineView } from './define.js'

export default defineView({
  id: 'echo',
  name: 'Echo',
  description: 'The data that the selection reads and writes, in two colours: one for input, one for output.',
  tips: [
    'Data are masked until you press B. Live, B also starts recording data of all calls; while this view is open, up to 8192 bytes of each. With a file, all recorded data are shown.',
    'F2 switches between text, printable characters and hexadecimal.',
  ],
  example: 'proc.name=redis-server and fd.sport=6379',
  appliesTo: [],
  empty: 'The selection transferred no data.',
  list: {
    filter: 'evt.is_io=true',
    buffers: 8192,
    raw: true,
    conversation: true,
    columns: [{ field: 'evt.buffer', title: 'Data', doc: 'data read or written' }],
  },
})
