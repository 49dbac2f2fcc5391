// Dig: the events of a selection, one by one.
import { TID, TIME, YIELDS } from './columns.js'
import { defineView } from './define.js'

export default defineView({
  id: 'dig',
  name: 'Dig',
  description: 'The events of the selection, one by one. Enter opens one: every field, every argument, its data.',
  tips: [
    'Live, what was before is there too, as far as it is kept. Data are masked until B shows them; live, those of calls from then on.',
    'F2 shows data as text or in hexadecimal.',
  ],
  example: 'proc.name=sshd and evt.failed=true',
  appliesTo: [],
  empty: 'The selection has no events.',
  list: {
    buffers: 1024,
    raw: true,
    detail: true,
    columns: [
      { ...TIME, doc: 'when the call ended' },
      { field: 'evt.latency', title: 'LATENCY', width: 8, unit: 'time', doc: 'how long it took' },
      { field: 'proc.name', title: 'NAME', width: 15, fits: true, doc: 'who made it' },
      TID,
      { field: 'evt.type', title: 'CALL', width: 15, fits: true, names: true, doc: 'what was called' },
      { field: 'evt.args', title: 'Arguments', yields: YIELDS.command, doc: 'result and arguments' },
    ],
  },
})
