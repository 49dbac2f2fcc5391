// fd.other.*: the other descriptor of a call that reads from one descriptor and writes to another.
import type { Event } from '../model/event.js'
import { fdName } from '../state/fd-name.js'
import { field } from './field.js'

const otherFd = (e: Event) => e.otherFd

export const fields = {
  'fd.other.num': field({
    type: 'int64',
    doc: 'Number of the other descriptor of a call that reads from one and writes to another, such as sendfile.',
    cost: 1,
    make: () => (e) => (e.otherNum < 0 ? undefined : e.otherNum),
  }),
  'fd.other.type': field({
    type: 'string',
    doc: 'Kind of that other descriptor: file, pipe, ipv4 ...',
    cost: 4,
    make: () => (e) => otherFd(e)?.type,
  }),
  'fd.other.name': field({
    type: 'string',
    doc: 'Path of that other file, both ends of that connection, or another name of the other descriptor.',
    cost: 16,
    literals: { kind: 'text', of: 'descriptor' },
    make: () => (e) => {
      const fd = otherFd(e)
      return fd && fdName(fd)
    },
  }),
}
