// Dig: the events of a selection, one by one.
import { defineView } from './define.js'

export default defineView({
  id: 'dig',
  name: 'Dig',
  description: 'The events of the selection, one by one. Enter opens one: every field, every argument, its data.',
  appliesTo: [],
  empty: 'The selection has no events.',
  list: {
    buffers: 1024,
    detail: true,
    columns: [
      { field: 'evt.time', title: 'TIME', width: 18, doc: 'when the call ended' },
      { field: 'evt.latency', title: 'LATENCY', width: 8, unit: 'time', doc: 'how long it took' },
      { field: 'proc.name', title: 'NAME', width: 15, doc: 'who made it' },
      { field: 'thread.tid', title: 'TID', width: 7, doc: 'number of the thread' },
      { field: 'evt.type', title: 'CALL', width: 14, doc: 'what was called' },
      { field: 'evt.args', title: 'Arguments', doc: 'result and arguments' },
    ],
  },
})
