// Containers by the failed calls that are made in them.
import { FAILED, POD, YIELDS } from './columns.js'
import { defineView, PORTS, WHAT, WHERE, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'containers_errors',
  name: 'Containers Errors',
  description: 'In which containers calls fail, by what the failed calls were about.',
  tips: ['Enter tells which errors they are.'],
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
      { field: 'container.type', title: 'ENGINE', width: 10, fits: true, yields: YIELDS.rare, doc: 'what runs it' },
      POD,
      { field: 'container.id', title: 'ID', width: 13, yields: YIELDS.inside, doc: 'its id' },
      { field: 'container.name', title: 'NAME', doc: 'its name' },
    ],
  },
})
