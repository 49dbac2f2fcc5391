// Containers and their resource usage.
import { POD, USED_BY_THREADS, YIELDS } from './columns.js'
import { defineView, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'containers',
  name: 'Containers',
  description: 'Containers with the CPU and memory they use and the bytes they move.',
  example: 'container.image contains nginx',
  appliesTo: [WHOLE_MACHINE, 'evt.res', 'k8s.pod.id', 'k8s.ns.name'],
  drillTo: 'procs',
  empty: 'No container is running.',
  table: {
    keys: ['thread.tid'],
    groupBy: ['container.id'],
    threads: true,
    threadFilter: 'container.id != host',
    sort: { column: 0 },
    columns: [
      ...USED_BY_THREADS,
      { field: 'container.type', title: 'ENGINE', width: 10, fits: true, yields: YIELDS.rare, doc: 'container engine' },
      {
        field: 'container.image',
        title: 'IMAGE',
        width: 60,
        fits: true,
        yields: YIELDS.container,
        doc: 'image of the container',
      },
      POD,
      { field: 'container.id', title: 'ID', width: 13, yields: YIELDS.inside, doc: 'id of the container' },
      { field: 'container.name', title: 'NAME', doc: 'name of the container' },
    ],
  },
})
