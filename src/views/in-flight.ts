// Calls that have not ended: who waits in what, and for how long.
import { CONTAINER, PID, POD, TID, YIELDS } from './columns.js'
import { defineView, PORTS, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'inflight',
  name: 'Calls in Flight',
  description:
    'The system calls that run at this moment, the longest first: who is blocked in what, and for how long. Of a file, those that ran when it ended.',
  tips: [
    'Daemons wait for work in poll, epoll_wait or accept all day long. What hangs waits in read, futex, flock, fsync or connect.',
    'evt.latency>5s as filter leaves what has taken long, evt.type=futex who waits for a lock.',
  ],
  example: 'evt.latency>5s',
  appliesTo: [WHOLE_MACHINE, 'evt.type', ...WHO, ...WHAT, ...PORTS],
  drillTo: 'syscalls',
  empty: 'No call is in flight. Files know of calls in flight when ksys wrote them live and ended in order.',
  inFlight: 'only',
  table: {
    keys: ['thread.tid'],
    sort: { column: 0 },
    columns: [
      { field: 'evt.latency', title: 'RUNNING', width: 8, unit: 'age', doc: 'for how long it has run' },
      {
        field: 'evt.latency.atleast',
        title: '≥',
        width: 1,
        unit: 'mark',
        doc: 'it began before the capture: it has run for at least that long',
      },
      PID,
      TID,
      CONTAINER,
      POD,
      { field: 'proc.name', title: 'NAME', width: 15, fits: true, doc: 'what the thread calls itself' },
      { field: 'evt.type', title: 'CALL', width: 15, fits: true, names: true, doc: 'what it is in' },
      { field: 'evt.args', title: 'Arguments', yields: YIELDS.command, doc: 'what it was called with' },
    ],
  },
})
