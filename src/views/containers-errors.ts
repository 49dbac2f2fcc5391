// Containers by failed calls.
import { FAILED, POD, YIELDS } from './columns.js'
import { defineView, PORTS, WHAT, WHERE, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'containers_errors',
  name: 'Containers Errors',
  description: 'Containers in which calls fail, by what the failed calls operated on.',
  tips: ['Enter lists the errors.'],
  example: 'evt.res=EACCES',
  appliesTo: [WHOLE_MACHINE, 'evt.type', 'evt.res', ...WHERE, ...WHAT, ...PORTS],
  drillTo: 'errors',
  empty: 'No call failed in a container.',
  table: {
    keys: ['container.id'],
    filter: 'evt.failed=true and container.id != host',
    sort: { column: 0 },
    columns: [
      ...FAILED,
      { field: 'container.type', title: 'ENGINE', width: 10, fits: true, yields: YIELDS.rare, doc: 'container engine' },
      POD,
      { field: 'container.id', title: 'ID', width: 13, yields: YIELDS.inside, doc: 'id of the container' },
      { field: 'container.name', title: 'NAME', doc: 'name of the container' },
    ],
  },
})
