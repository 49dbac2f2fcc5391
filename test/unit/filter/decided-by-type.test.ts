// Whether the type of an event alone decides about it.
import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { checkFilter, decidedByType } from '../../../src/filter/index.js'
import { SIDE } from '../../../src/model/event.js'
import { eventsByName } from '../../../src/schema/events/index.js'

const decided = (filter: string) => decidedByType(checkFilter(filter, registry))
const passes = (filter: string, name: string) => decided(filter)?.[eventsByName(name).at(-1) as number]

test.each([
  ['evt.type = read', 1, 0],
  ['evt.type in (read, write)', 1, 1],
  ['not evt.type = read', 0, 1],
  ['evt.type startswith re and evt.dir = <', 1, 0],
  ['evt.is_io_write = true', 0, 1],
])('%s: read %i, write %i', (filter, read, write) => {
  expect([passes(filter, 'read'), passes(filter, 'write')]).toEqual([read, write])
})

test.each([
  ['evt.is_io_write = true', SIDE.WRITE],
  ['evt.is_io_read = true', SIDE.READ],
  ['evt.is_io = true', SIDE.BOTH],
  ['evt.is_io = true and not evt.is_io_read = true', SIDE.WRITE],
  ['evt.is_io_write = true or evt.is_io_read = true', SIDE.BOTH],
  ['evt.is_io_write = true and evt.type = read', SIDE.NONE],
])('%s: for a call on two descriptors the matching side is known, too (%i)', (filter, sides) => {
  for (const call of ['sendfile', 'splice', 'tee', 'copy_file_range']) expect(passes(filter, call), call).toBe(sides)
})

test.each(['proc.name = x', 'evt.failed = true', 'evt.type = read and evt.latency > 1ms', 'fd.name exists'])(
  '%s is not decided by the type',
  (filter) => {
    expect(decided(filter)).toBeUndefined()
  },
)
