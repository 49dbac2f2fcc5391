// Containers that come and go without end: the number of ended ones that are retained is limited.
import { expect, test } from 'vitest'
import { Known } from '../../../src/container/known.js'
import { Missed } from '../../../src/container/missed.js'
import type { ContainerInfo } from '../../../src/model/container.js'
import { parseContainer } from '../../../src/model/container-json.js'

/** Reports a container, as a runtime does. */
function tell(names: Known, id: string): void {
  const json = JSON.stringify({ container: { id, full_id: `${id}${'0'.repeat(52)}`, name: `web-${id}`, type: 7 } })
  names.update(parseContainer(json) as ContainerInfo, 1)
}

const idOf = (i: number) => i.toString(16).padStart(12, '0')

test('of thousands of ended containers the last ones are retained', () => {
  const names = new Known(() => {})
  for (let i = 0; i < 5000; i++) {
    tell(names, idOf(i))
    const old = names.ended(idOf(i))
    if (old !== undefined) names.forget(old)
  }
  expect(names.all.size).toBe(256)
  expect(names.isNamed(idOf(4999))).toBe(true)
  // a running container is retained, however many others end
  tell(names, idOf(9000))
  for (let i = 5000; i < 6000; i++) {
    tell(names, idOf(i))
    const old = names.ended(idOf(i))
    if (old !== undefined) names.forget(old)
  }
  expect(names.all.has(idOf(9000))).toBe(true)
})

test('a name that was late still counts as late after it was forgotten', () => {
  const named = new Set(['a'])
  const missed = new Missed((id) => named.has(id))
  missed.add('a')
  missed.add('b')
  expect(missed.settle('a')).toBe(true)
  expect(missed.settle('nobody')).toBe(false)
  named.clear()
  expect(missed.count()).toEqual({ late: 1, never: 1 })
})
