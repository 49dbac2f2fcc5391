// Echo: what a selection reads and writes, as a conversation.
import { defineView } from './define.js'

export default defineView({
  id: 'echo',
  name: 'Echo',
  description: 'The data that the selection reads and writes, in two colours: what comes in, and what goes out.',
  tips: [
    'Data are masked until B shows them. Live, B arms buffers: those of all calls are kept from then on, and this page has those of longer ones whole. Of a file all that it holds is shown.',
    'F2 shows them as text, as what of it can be printed, or in hexadecimal.',
  ],
  example: 'proc.name=redis-server and fd.sport=6379',
  appliesTo: [],
  empty: 'The selection moved no data.',
  list: {
    filter: 'evt.is_io=true',
    buffers: 8192,
    raw: true,
    conversation: true,
    columns: [{ field: 'evt.buffer', title: 'Data', doc: 'what was read or written' }],
  },
})
