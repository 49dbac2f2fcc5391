// Containers that come and go: those with threads are retained, of the others only some.
import { expect, test } from 'vitest'
import type { Container } from '../../../src/model/container.js'
import { Containers } from '../../../src/state/containers.js'

const idOf = (i: number) => i.toString(16).padStart(64, '0')
const cgroups = (i: number) => [`memory=/docker/${idOf(i)}`]

test('of thousands of ended containers few are retained, and all that have threads', () => {
  const used = new Set<Container>()
  const containers = new Containers(() => used)
  for (let i = 0; i < 20_000; i++) {
    const c = containers.ofCgroups(cgroups(i)) as Container
    if (i % 20 === 0) used.add(c)
  }
  expect(containers.byId.size).toBeLessThan(used.size + 2_000)
  for (const c of used) expect(containers.byId.get(c.id)).toBe(c)
  // the last ones are retained too: there may be later events about them
  expect(containers.ofCgroups(cgroups(19_999))).toBe(containers.byId.get(idOf(19_999).slice(0, 12)))
})

test('if memory is short, those with threads are retained', () => {
  const used = new Set<Container>()
  const containers = new Containers(() => used)
  for (let i = 0; i < 500; i++) {
    const c = containers.ofCgroups(cgroups(i)) as Container
    if (i < 10) used.add(c)
  }
  containers.forgetIdle()
  expect(containers.byId.size).toBeLessThan(100)
  for (const c of used) expect(containers.ofCgroups(cgroups(Number.parseInt(c.fullId, 16)))).toBe(c)
})
