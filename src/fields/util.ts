// util.*: helpers without a subject of their own.
import { field } from './field.js'

export const fields = {
  'util.cnt': field({
    type: 'uint64',
    doc: 'Counts how often it was asked for, from 1.',
    cost: 1,
    ofEvent: 'each',
    needs: ['lines'],
    make: () => {
      let n = 0
      return () => ++n
    },
  }),
}
