// Data of a container that occur later in a trace apply from its first event on, unless there were earlier ones.
import { expect, test } from 'vitest'
import { type ContainerInfo, unnamed } from '../../../src/model/container.js'
import { containerJson } from '../../../src/model/container-json.js'
import { shell, thread, World } from './world.js'

const ID = 'a'.repeat(64)
const metadata = (name: string, more: Partial<ContainerInfo> = {}) =>
  containerJson({ ...unnamed(ID, 'docker'), name, ...more })
const within = (path: string) => ({ cgroups: [`cpu=${path}`], fds: [] })

/** The name of the container of thread 200 before and after a container event, in a world that first had the data `before`. */
function names(later: string[], before: string[], event: string, path = `/docker/${ID}`): (string | undefined)[] {
  const s = shell()
  const w = new World()
  const seen: (string | undefined)[] = []
  w.state.containers.preload(later)
  w.state.load({ ...s, threads: [...s.threads, thread(200, within(path))], containers: before })
  const name = () => w.state.threads.get(200)?.container?.info?.name
  seen.push(name())
  w.play([{ tid: -1, pid: -1, type: 'container', params: { json: event } }], () => seen.push(name()))
  return seen
}

test('a container without a name has its later name', () => {
  expect(names([metadata('web')], [], metadata('web'))).toEqual(['web', 'web'])
  expect(names([metadata('web')], [metadata('')], metadata('web'))).toEqual(['web', 'web'])
  expect(names([], [], metadata('web'))).toEqual([undefined, 'web'])
})

test('a container with a name has it until the next one', () => {
  expect(names([metadata('shop-front')], [metadata('web')], metadata('shop-front'))).toEqual(['web', 'shop-front'])
})

test('a cgroup without an id is recognised by later data', () => {
  const plain = containerJson({ ...unnamed('job', 'containerd'), name: 'job', cgroup: '/default/job' })
  expect(names([plain], [], plain, '/default/job')).toEqual(['job', 'job'])
})

test('hostile texts are ignored', () => {
  expect(names(['', '{', '[]', '{"container":{"id":7}}', metadata('')], [], metadata('web'))).toEqual([
    undefined,
    'web',
  ])
})
