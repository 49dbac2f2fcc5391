// host.*: the host that an event happened on.
import { field, stateOf } from './field.js'

export const fields = {
  'host.name': field({
    type: 'string',
    doc: 'Name of the host of the event; a trace of ksys merge has several.',
    cost: 1,
    rowOnly: 'each',
    make: (ctx) => (e) => stateOf(ctx, e).info.hostname,
  }),
}
