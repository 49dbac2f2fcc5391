// host.*: the host that an event happened on.
import { field } from './field.js'

export const fields = {
  'host.name': field({
    type: 'string',
    doc: 'Name of the host that it happened on; a trace of ksys merge has several.',
    cost: 1,
    make: (ctx) => () => ctx.info.hostname,
  }),
}
