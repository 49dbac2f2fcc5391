// Containers that come and go for ever: what is kept of those that have ended has a limit.
import { expect, test } from 'vitest'
import { Missed } from '../../../src/container/missed.js'
import { Names } from '../../../src/container/names.js'
import { parseContainer } from '../../../src/model/container-json.js'

const places = { host: '', given: [], users: [], folders: {} } as unknown as ConstructorParameters<typeof Names>[0]

/** Has the names told of a container, as a runtime does. */
function tell(names: Names, id: string): void {
  const json = JSON.stringify({ container: { id, full_id: `${id}${'0'.repeat(52)}`, name: `web-${id}`, type: 7 } })
  const info = parseContainer(json)
  ;(names as unknown as { told(info: unknown, rank: number): void }).told(info, 1)
}

const idOf = (i: number) => i.toString(16).padStart(12, '0')

test('of thousands that ended the last are known', () => {
  const names = new Names(places, () => {})
  for (let i = 0; i < 5000; i++) {
    tell(names, idOf(i))
    const old = names.ended(idOf(i))
    if (old !== undefined) names.forget(old)
  }
  expect(names.known.size).toBe(256)
  expect(names.has(`${idOf(4999)}${'0'.repeat(52)}`)).toBe(true)
  // one that runs stays, however many others end
  tell(names, idOf(9000))
  for (let i = 5000; i < 6000; i++) {
    tell(names, idOf(i))
    const old = names.ended(idOf(i))
    if (old !== undefined) names.forget(old)
  }
  expect(names.known.has(idOf(9000))).toBe(true)
})

test('a name that came late counts as late after it was forgotten', () => {
  const named = new Set(['a'])
  const missed = new Missed((id) => named.has(id))
  missed.add('a')
  missed.add('b')
  expect(missed.settle('a')).toBe(true)
  expect(missed.settle('nobody')).toBe(false)
  named.clear()
  expect(missed.count()).toEqual({ late: 1, never: 1 })
})
