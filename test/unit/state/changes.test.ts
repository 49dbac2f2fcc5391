// The threads that an event changes are declared with it: readers of files omit events without a declaration.
import { expect, test } from 'vitest'
import { EVENTS } from '../../../src/schema/events/index.js'
import type { EventDef } from '../../../src/schema/types.js'
import { birthEffects } from '../../../src/state/effects/birth.js'
import { globalEvents } from '../../../src/state/effects/event-scope.js'
import { execEffects } from '../../../src/state/effects/exec.js'
import { identityEffects } from '../../../src/state/effects/identity.js'
import { internalEffects } from '../../../src/state/effects/internal.js'
import { miscellaneousEffects } from '../../../src/state/effects/miscellaneous.js'
import { placeEffects } from '../../../src/state/effects/process-context.js'

const OF_THREADS = [birthEffects, execEffects, identityEffects, internalEffects, miscellaneousEffects, placeEffects]
/** Of these events only the amount of memory is stored. */
const OF_MEMORY = ['brk', 'mmap', 'mmap2', 'munmap']

const named = (name: string) => EVENTS.filter((d): d is EventDef => d?.name === name)

test('an event with an effect on threads declares which it changes', () => {
  const names = OF_THREADS.flatMap((effects) => Object.keys(effects)).filter((name) => !OF_MEMORY.includes(name))
  expect(names.filter((name) => named(name).some((d) => d.changes === undefined))).toEqual([])
})

test('an event that declares no change of threads has no effect on them', () => {
  for (const name of OF_MEMORY) for (const d of named(name)) expect(d.changes, name).toBeUndefined()
})

test('accounts and containers matter to all queries, births and names to queries with names', () => {
  const all = globalEvents(false)
  const names = globalEvents(true)
  const of = (name: string) => named(name).map((d) => [all[d.code], names[d.code]])
  expect(of('useradded')).toEqual([[1, 1]])
  expect(of('container')).toEqual([[1, 1]])
  expect(of('procexit')).toEqual([[0, 1]])
  expect(of('ks_rename')).toEqual([[0, 1]])
  expect(new Set(of('clone3').flat())).toEqual(new Set([0, 1]))
  expect(of('chdir').flat()).not.toContain(1)
})
