// The matching containers in a file, as texts that occur in their cgroups; accounts inside containers.

import { expect, test } from 'vitest'
import { type ContainerInfo, unnamed } from '../../../src/model/container.js'
import { containerJson } from '../../../src/model/container-json.js'
import { bootNs } from '../../../src/model/time.js'
import { Containers } from '../../../src/state/containers.js'
import { MatchingContainers } from '../../../src/state/matching-containers.js'
import { shell, thread, World } from './world.js'

const id = (digit: string) => digit.repeat(64)
const metadata = (digit: string, more: Partial<ContainerInfo>) =>
  containerJson({ ...unnamed(id(digit), 'docker'), ...more })

function textsOf(wanted: (c: ContainerInfo) => boolean, ...jsons: string[]): readonly string[] {
  const matching = new MatchingContainers(new Containers(() => new Set()), (t) => {
    const about = t.container?.info
    return about !== undefined && wanted(about)
  })
  for (const json of jsons) matching.report(json)
  return matching.texts()
}

test('the texts are the ids of matching containers, each once', () => {
  const web = metadata('a', { name: 'web' })
  expect(textsOf((c) => c.name === 'web', web, metadata('b', { name: 'db' }), web)).toEqual([id('a')])
})

test('a cgroup without the id is searched for too', () => {
  expect(textsOf(() => true, metadata('a', { name: 'web', cgroup: '/default/web' }))).toEqual([id('a'), '/default/web'])
})

test('a container that matches by any of its successive names is included', () => {
  expect(textsOf((c) => c.name === 'web', metadata('a', { name: 'web' }), metadata('a', { name: 'shop' }))).toEqual([
    id('a'),
  ])
})

test("the data of a pod's sandbox apply to all known containers", () => {
  let pod = ''
  const wanted = () => pod === 'told'
  const matching = new MatchingContainers(new Containers(() => new Set()), (t) => t.container !== undefined && wanted())
  matching.report(metadata('a', { name: 'web' }))
  matching.report(metadata('b', { name: 'log' }))
  expect(matching.texts()).toEqual([])
  pod = 'told'
  matching.report(metadata('e', { name: 'pod', sandbox: true }))
  expect(matching.texts()).toEqual([id('a'), id('b'), id('e')])
})

test('invalid texts match no container', () => {
  expect(textsOf(() => true, '', '{}', 'x')).toEqual([])
})

/** A world with the host's user 5 and a container in which 5 is a different user. */
function accounts() {
  const s = shell()
  const inside = { container: 'a'.repeat(12) }
  return new World({
    threads: [...s.threads, thread(200, { cgroups: [`cpu=/docker/${id('a')}`], fds: [] })],
    users: [
      { uid: 5, gid: 5, name: 'host', home: '', shell: '' },
      { uid: 6, gid: 6, name: 'other', home: '', shell: '' },
      { uid: 5, gid: 5, name: 'inner', home: '', shell: '', ...inside },
    ],
    groups: [
      { gid: 5, name: 'hosts' },
      { gid: 5, name: 'inners', ...inside },
    ],
    containers: [metadata('a', { name: 'web' }), metadata('b', { name: 'db' })],
  })
}

test("a user id inside a container is looked up in its own accounts, not in the host's", () => {
  const w = accounts()
  const name = (tid: number, n: number) => w.state.userOf(w.thread(tid), n)?.name
  expect([name(100, 5), name(100, 6), name(200, 5), name(200, 6)]).toEqual(['host', 'other', 'inner', undefined])
  const group = (tid: number, n: number) => w.state.groupOf(w.thread(tid), n)?.name
  expect([group(100, 5), group(200, 5), group(100, 6)]).toEqual(['hosts', 'inners', undefined])
})

test('a process in a container with unknown accounts has no name of the host', () => {
  const w = accounts()
  const t = w.thread(100)
  w.state.joined(t, [`cpu=/docker/${id('b')}`])
  expect(w.state.userOf(t, 5)).toBeUndefined()
  expect(w.state.groupOf(t, 5)).toBeUndefined()
})

test('accounts of containers come from events, and a keyframe contains them', () => {
  const w = accounts()
  const added = { gid: 7, name: 'late', container_id: id('a') }
  w.play([
    { type: 'useradded', tid: -1, pid: -1, params: { uid: 7, home: '/', shell: '', ...added } },
    { type: 'groupadded', tid: -1, pid: -1, params: added },
    { type: 'useradded', tid: -1, pid: -1, params: { uid: 8, home: '/', shell: '', ...added, container_id: id('f') } },
  ])
  expect(w.state.userOf(w.thread(200), 7)?.name).toBe('late')
  expect(w.state.groupOf(w.thread(200), 7)?.name).toBe('late')
  const again = new World(w.state.snapshot())
  expect(again.state.userOf(again.thread(200), 7)?.name).toBe('late')
  expect(again.state.groupOf(again.thread(200), 5)?.name).toBe('inners')
  expect(again.state.users.get(5)?.name).toBe('host')
  expect(again.state.groups.get(5)?.name).toBe('hosts')
})

test('a container started with its first process', () => {
  const s = shell()
  const within = { cgroups: [`cpu=/docker/${id('a')}`], fds: [] }
  const w = new World({
    ...s,
    threads: [
      ...s.threads,
      thread(201, { ...within, vtid: 7, vpid: 7, startBoot: bootNs(1_000_000_000_003) }),
      thread(200, { ...within, vtid: 1, vpid: 1, startBoot: bootNs(1_000_000_000_007) }),
      thread(202, { ...within, vtid: 1, vpid: 1, startBoot: bootNs(1_000_000_000_009) }),
    ],
  })
  expect(w.thread(200).container?.began).toBe(7)
})

test('threads are assigned to a container whose cgroup is recognised later', () => {
  const s = shell()
  const w = new World({ ...s, threads: [...s.threads, thread(200, { cgroups: ['cpu=/default/web'], fds: [] })] })
  expect(w.thread(200).container).toBeUndefined()
  const json = containerJson({ ...unnamed('web', 'containerd'), name: 'shop', cgroup: '/default/web' })
  w.play([{ type: 'container', tid: -1, pid: -1, params: { json } }])
  expect(w.thread(200).container?.info?.name).toBe('shop')
  expect(w.thread(100).container).toBeUndefined()
})
