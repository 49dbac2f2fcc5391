// util.*: miscellaneous helpers.
import { field } from './field.js'

export const fields = {
  'util.cnt': field({
    type: 'uint64',
    doc: 'Number of times this field was evaluated, from 1.',
    cost: 1,
    rowOnly: 'each',
    needs: ['lines'],
    make: () => {
      let n = 0
      return () => ++n
    },
  }),
}
