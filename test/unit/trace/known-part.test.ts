// The table of events of this ksys is recognized in traces and not unpacked; any other table is unpacked as before.
import { expect, test } from 'vitest'
import { EVENTS } from '../../../src/schema/events/index.js'
import { packEvents, unpackEvents } from '../../../src/trace/events-table.js'
import { KNOWN, knownPart } from '../../../src/trace/known-part.js'
import { OWN_TABLE } from '../../../src/trace/own-table.js'
import { pack, unpack } from '../../../src/trace/pack.js'

const known = knownPart({ key: 'events', ...OWN_TABLE })
const own = packEvents(EVENTS)
const described = (events: unknown) => ({ info: { hostname: 'a', cpus: 2 }, events, run: 'x' })

test('the table of this ksys is not unpacked, and stands for the current events', () => {
  expect(unpack(pack(described(own)), known)).toEqual(described(KNOWN))
  expect(unpackEvents(KNOWN)).toEqual(unpackEvents(unpack(pack(own))))
})

test('a table that differs in one byte is unpacked', () => {
  const packed = pack(described(own))
  const at = packed.indexOf(pack('events')) + pack('events').length
  for (const offset of [20, 1000, OWN_TABLE.bytes - 3]) {
    const changed = Buffer.from(packed)
    changed[at + offset] = (changed[at + offset] as number) ^ 1
    expect(unpack(changed, known)).toEqual(unpack(changed))
  }
})

test('other tables, other maps and other values are unpacked', () => {
  for (const value of [described([]), described([[6, 'open', []]]), { events: 'x' }, {}, [own], 'events', null])
    expect(unpack(pack(value), known)).toEqual(unpack(pack(value)))
})

test('a table after which bytes are missing or too many is malformed', () => {
  const packed = pack(described(own))
  expect(unpack(packed.subarray(0, packed.length - 1), known)).toBeUndefined()
  expect(unpack(Buffer.concat([packed, Buffer.from([0])]), known)).toBeUndefined()
  expect(unpack(Buffer.alloc(0), known)).toBeUndefined()
})
