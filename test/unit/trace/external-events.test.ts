// The recorded layout of other tools' rows is stored in a trace, and validated when a damaged or hostile one is read.
import { expect, test } from 'vitest'
import type { RowForm } from '../../../src/model/batch.js'
import { TABLES } from '../../../src/scap/tables.js'
import { EVENTS } from '../../../src/schema/events/index.js'
import { packDefs, packForms, unpackDefs, unpackForms } from '../../../src/trace/external-events.js'
import { pack, unpack } from '../../../src/trace/pack.js'

const through = (value: unknown) => unpack(pack(value))
const read = TABLES.defs[7]!
const form: RowForm = { type: 7, params: read.params.slice(0, 2), index: [0, 1] }

test('definitions of other tools are read back unchanged, next to the current ones', () => {
  const { defs, layouts } = unpackDefs(through(packDefs(TABLES.defs)))
  TABLES.defs.forEach((d, code) => {
    if (d === EVENTS[code]) expect(defs[code]).toBe(EVENTS[code])
    else {
      const shape = (x: typeof d) => ({ ...x, nr: 0, special: 0, params: x!.params.map((p) => ({ ...p, from: 0 })) })
      expect(shape(defs[code])).toEqual(shape(d))
    }
  })
  expect(layouts).toEqual(TABLES.layouts.map((l) => l))
})

test('a trace without such definitions has the current ones', () => {
  expect(unpackDefs(through(packDefs(EVENTS))).defs).toBe(EVENTS)
  expect(unpackDefs(undefined).defs).toBe(EVENTS)
})

test('forms are read back with their indexes', () => {
  const forms = unpackForms(through(packForms([undefined, form, undefined, form])), TABLES)
  expect(forms.map((f) => f?.params.map((p) => p.name))).toEqual([
    undefined,
    ['res', 'data'],
    undefined,
    ['res', 'data'],
  ])
})

test('a form that does not match its event is ignored', () => {
  const bad: unknown[] = [
    [7, [99, 1], read.params.slice(0, 2)],
    [7, [1, 0], read.params.slice(0, 2)],
    [7, [0], read.params.slice(0, 2)],
    [99999, [0], read.params.slice(0, 1)],
    [7, [-1], read.params.slice(0, 1)],
    [7, [0], [{ name: 'x', type: 'nosuch', wire: 'ret', fmt: 'dec' }]],
    [7, [0], [{ name: 'x', type: 'int64', wire: 'constructor', fmt: 'dec' }]],
    [7, 'x', 3],
    null,
    'text',
  ]
  expect(unpackForms(through(bad), TABLES).filter((f) => f !== undefined)).toEqual([])
  expect(unpackForms({ length: 1e9 }, TABLES)).toEqual([undefined])
})

test('invalid definitions are skipped', () => {
  const bad = [{ code: -1, name: 'a', params: [] }, { code: 1e9, name: 'b', params: [] }, { code: 2000, params: [] }, 7]
  expect(unpackDefs(through(bad)).defs).toBe(EVENTS)
})
