// Dig: the events of a selection, one row each.
import { TID, TIME, YIELDS } from './columns.js'
import { defineView } from './define.js'

export default defineView({
  id: 'dig',
  name: 'Dig',
  description: 'The events of the selection, one row each. Enter opens one: all its fields, arguments and data.',
  tips: [
    'Live, events from before the view was opened are listed too, as far back as they are retained. Data are masked until you press B; live, they are recorded from then on.',
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
      { field: 'evt.latency', title: 'LATENCY', width: 8, unit: 'time', doc: 'duration of the call' },
      { field: 'proc.name', title: 'NAME', width: 15, fits: true, doc: 'name of the process' },
      TID,
      { field: 'evt.type', title: 'CALL', width: 15, fits: true, names: true, doc: 'name of the call' },
      { field: 'evt.args', title: 'Arguments', yields: YIELDS.command, doc: 'result and arguments' },
    ],
  },
})
