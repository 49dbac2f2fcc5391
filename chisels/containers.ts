// Everything that containers use, in one table.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Containers with the CPU, memory, network and disk that they use, their errors and processes.',
  details:
    'CPU% is percent of one CPU, RES the memory of all processes, NET and FILE the bytes received and sent and the bytes of ' +
    'files read and written, ERRORS the calls that failed, each over the interval or the file. What does nothing is listed ' +
    'too. A filter restricts it: ksys -c containers k8s.ns.name=shop',
  category: 'System State',
  table: {
    keys: ['thread.tid'],
    groupBy: ['container.id'],
    threads: true,
    threadFilter: 'container.id!=host',
    columns: [
      { field: 'thread.exectime', title: 'CPU%', width: 8, agg: 'sum', unit: 'timepct', doc: 'percent of one CPU' },
      {
        field: 'thread.vmrss.b',
        title: 'RES',
        width: 10,
        agg: 'max',
        groupAgg: 'sum',
        unit: 'bytes',
        doc: 'resident memory',
      },
      { field: 'evt.buflen.net', title: 'NET', width: 10, agg: 'sum', unit: 'bytes', doc: 'bytes of the network' },
      { field: 'evt.buflen.file', title: 'FILE', width: 10, agg: 'sum', unit: 'bytes', doc: 'bytes of files' },
      { field: 'evt.count.error', title: 'ERRORS', width: 8, agg: 'sum', unit: 'count', doc: 'calls that failed' },
      { field: 'proc.pid', title: 'PROCS', width: 7, groupAgg: 'distinct', unit: 'count', doc: 'processes' },
      { field: 'container.id', title: 'CONTAINER', width: 14, doc: 'its id' },
      { field: 'container.name', title: 'NAME', width: 20, doc: 'its name' },
      { field: 'container.image', title: 'IMAGE', width: 30, doc: 'its image' },
      { field: 'k8s.ns.name', title: 'NAMESPACE', width: 14, doc: 'of its pod' },
      { field: 'k8s.pod.name', title: 'POD', doc: 'its pod' },
    ],
  },
})
