// Calls in progress.
import { GLYPHS } from '../model/glyphs.js'
import { CONTAINER, PID, POD, TID, YIELDS } from './columns.js'
import { defineView, PORTS, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'inflight',
  name: 'Calls in Flight',
  description:
    'The system calls in progress, longest first: which threads are blocked in which call, and for how long. With a file, the calls in progress when it ended.',
  tips: [
    'Idle daemons wait for work in poll, epoll_wait or accept. A process that hangs usually waits in read, futex, flock, fsync or connect.',
    'The filter evt.latency>5s shows only long calls, evt.type=futex only threads that wait for a lock.',
  ],
  example: 'evt.latency>5s',
  appliesTo: [WHOLE_MACHINE, 'evt.type', ...WHO, ...WHAT, ...PORTS],
  drillTo: 'syscalls',
  empty: 'No call is in flight. A file has calls in flight only if a live capture wrote it and ended normally.',
  inFlight: 'only',
  table: {
    keys: ['thread.tid'],
    sort: { column: 0 },
    columns: [
      { field: 'evt.latency', title: 'RUNNING', width: 8, unit: 'age', doc: 'time since the call started' },
      {
        field: 'evt.latency.atleast',
        title: GLYPHS.atLeast,
        width: 1,
        unit: 'mark',
        doc: 'the call started before the capture and has run for at least the time shown',
      },
      PID,
      TID,
      CONTAINER,
      POD,
      { field: 'proc.name', title: 'NAME', width: 15, fits: true, doc: 'name of the thread' },
      { field: 'evt.type', title: 'CALL', width: 15, fits: true, names: true, doc: 'name of the call' },
      { field: 'evt.args', title: 'Arguments', yields: YIELDS.command, doc: 'arguments of the call' },
    ],
  },
})
