// Every call that is declared to create a descriptor creates one, with close-on-exec as declared.
import { expect, test } from 'vitest'
import { CALLS } from '../../../src/schema/events/index.js'
import type { EventDef } from '../../../src/schema/types.js'
import { CLOEXEC } from '../../../src/state/flag-bits.js'
import type { RowSpec } from '../../helpers/rows.js'
import { file, shell, World } from './world.js'

const NEW = 9
const OLD = 3

/** A success of the call; `bits`: the value of the parameter with its close-on-exec bit. */
function success(def: EventDef, bits: number): RowSpec {
  const { makes, params } = def
  const rule = makes?.cloexec
  const given: Record<string, number | string> = {}
  for (const { name, makes: made } of params) {
    if (made !== undefined) given[name] = NEW
    else if (name === 'oldfd' || name === 'fd') given[name] = OLD
    else if (name === 'name') given[name] = '/n'
  }
  const only = params.find((p) => p.fdFor !== undefined)?.fdFor
  if (only !== undefined) given[params[only.param]?.name ?? ''] = only.values[0] as number
  if (typeof rule === 'object') given[rule.param] = bits
  return { type: def.name, ret: params[0]?.makes === undefined ? 0 : NEW, params: given }
}

const makers = CALLS.filter((d) => d.makes !== undefined).map((def) => [def.name, def] as const)

test('calls of every family create descriptors', () => {
  const names = makers.map(([name]) => name)
  expect(names).toEqual(expect.arrayContaining(['openat', 'pipe2', 'socketpair', 'dup3', 'accept4', 'bpf', 'fsopen']))
})

test.each(makers)('%s', (name, def) => {
  const rule = def.makes?.cloexec
  const closed = (bits: number) => {
    const w = new World(shell([file(OLD, '/old')])).play([success(def, bits)])
    const fd = w.thread(100).fdTable.fds.get(NEW)
    expect(fd, name).toBeDefined()
    return ((fd?.flags ?? 0) & CLOEXEC) !== 0
  }
  if (typeof rule === 'object') expect([closed(rule.native()), closed(0)], name).toEqual([true, false])
  else if (def.opens !== 'creating') expect(closed(0), name).toBe(rule === true)
})

test('a failed call creates none', () => {
  for (const [name, def] of makers) {
    const w = new World(shell([file(OLD, '/old')])).play([{ ...success(def, 0), ret: -9 }])
    expect(Object.keys(w.fds()), name).toEqual([String(OLD)])
  }
})
