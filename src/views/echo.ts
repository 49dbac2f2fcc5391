// Echo: what a selection reads and writes, as a conversation.
import { defineView } from './define.js'

export default defineView({
  id: 'echo',
  name: 'Echo',
  description: 'The data that the selection reads and writes, in two colours: what comes in, and what goes out.',
  tips: [
    'Live, data are captured from the moment this page is opened, and before it where buffers are armed (B). Of a file all that it holds is shown.',
  ],
  appliesTo: [],
  empty: 'The selection moved no data.',
  list: {
    filter: 'evt.is_io=true',
    buffers: 8192,
    conversation: true,
    columns: [{ field: 'evt.buffer', title: 'Data', doc: 'what was read or written' }],
  },
})
