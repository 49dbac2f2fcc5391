// Containers that come and go: those with threads are retained, of the others only some.
import { expect, test } from 'vitest'
import type { Container } from '../../../src/model/container.js'
import { Containers } from '../../../src/state/containers.js'
import { shell, thread, World } from './world.js'

/** ids differ in the 12 digits of short ids */
const idOf = (i: number) => i.toString(16).padStart(12, '0').padEnd(64, '0')
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
  for (const c of used) expect(containers.ofCgroups(cgroups(Number.parseInt(c.id, 16)))).toBe(c)
})

const KEEPER = { uid: 1234, gid: 1234, name: 'keeper', home: '/', shell: '/sh', container: idOf(1).slice(0, 12) }
const GROUP = { gid: 1234, name: 'keepers', container: KEEPER.container }

test('accounts of a container that are known at the start, before its name, apply to its threads', () => {
  const inside = thread(50, { cgroups: cgroups(1) })
  const before = shell()
  const { state } = new World({ ...before, threads: [...before.threads, inside], users: [KEEPER], groups: [GROUP] })
  const t = state.threads.get(50)
  expect(t && [state.userOf(t, 1234)?.name, state.groupOf(t, 1234)?.name]).toEqual(['keeper', 'keepers'])
})

test('accounts of a container that are read before its first thread is known apply to it, also after a keyframe', () => {
  const first = new Containers(() => new Set())
  first.addUser(KEEPER.container, KEEPER)
  first.addGroup(KEEPER.container, GROUP)
  const { users, groups } = first.save()
  const second = new Containers(() => new Set())
  second.load({ ...shell(), users, groups })
  for (const containers of [first, second]) {
    const c = containers.ofCgroups(cgroups(1))
    expect([c?.users?.get(1234), c?.groups?.get(1234)]).toEqual([KEEPER, GROUP])
  }
})

test('of thousands of containers of which only the accounts are known few are retained', () => {
  const containers = new Containers(() => new Set())
  for (let i = 0; i < 20_000; i++) containers.addUser(idOf(i), { ...KEEPER, container: idOf(i) })
  expect(containers.save().users.length).toBeLessThan(2_000)
})

test('if memory is short, the accounts of few containers are retained', () => {
  const containers = new Containers(() => new Set())
  for (let i = 0; i < 500; i++) containers.addUser(idOf(i).slice(0, 12), { ...KEEPER, container: idOf(i).slice(0, 12) })
  containers.forgetIdle()
  expect(containers.save().users.length).toBeLessThan(100)
})
