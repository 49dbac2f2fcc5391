// Resource usage of containers in one table.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Containers with their use of CPU, memory, network and files, their errors and processes.',
  details:
    'CPU% is percent of one CPU, RES the memory of all processes, NET the bytes received and sent, FILE the bytes read from and ' +
    'written to files, ERRORS the failed calls, each over the interval or the file. Idle containers are listed too. A filter ' +
    'restricts the table: ksys -c containers k8s.ns.name=shop',
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
      { field: 'evt.buflen.net', title: 'NET', width: 10, agg: 'sum', unit: 'bytes', doc: 'bytes received and sent' },
      {
        field: 'evt.buflen.file',
        title: 'FILE',
        width: 10,
        agg: 'sum',
        unit: 'bytes',
        doc: 'bytes read from and written to files',
      },
      { field: 'evt.count.error', title: 'ERRORS', width: 8, agg: 'sum', unit: 'count', doc: 'failed calls' },
      { field: 'proc.pid', title: 'PROCS', width: 7, groupAgg: 'distinct', unit: 'count', doc: 'processes' },
      { field: 'container.id', title: 'CONTAINER', width: 14, doc: 'id of the container' },
      { field: 'container.name', title: 'NAME', width: 20, doc: 'name of the container' },
      { field: 'container.image', title: 'IMAGE', width: 30, doc: 'image of the container' },
      { field: 'k8s.ns.name', title: 'NAMESPACE', width: 14, doc: 'Kubernetes namespace' },
      { field: 'k8s.pod.name', title: 'POD', doc: 'Kubernetes pod' },
    ],
  },
})
