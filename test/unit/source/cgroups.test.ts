// The hierarchy of cgroups that distinguishes containers, on the three layouts of hosts.
import { expect, test } from 'vitest'
import { hierarchyOf, otherHierarchies } from '../../../src/source/cgroups.js'

const hierarchy = (mounts: string[], controllers: string[]) => hierarchyOf(mounts, controllers, (m) => m.root === '/')

const V2 = '29 22 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate'
const V1 = '31 22 0:28 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory'
const CPU = '32 22 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu,cpuacct'

test('the unified hierarchy is used if it is mounted, alone or next to others', () => {
  expect(hierarchy([V2], ['memory\t0\t80\t1'])).toEqual({ number: 0, mount: '/sys/fs/cgroup' })
  const hybrid = V2.replace('/sys/fs/cgroup', '/sys/fs/cgroup/uni\\040fied')
  expect(hierarchy([V1, hybrid], ['memory\t4\t80\t1'])).toEqual({ number: 0, mount: '/sys/fs/cgroup/uni fied' })
})

test('the hierarchy of the memory controller is used if there is no unified one', () => {
  expect(hierarchy([CPU, V1], ['cpu\t2\t1\t1', 'memory\t4\t80\t1'])).toEqual({
    number: 4,
    mount: '/sys/fs/cgroup/memory',
  })
})

test('without a mount of the whole hierarchy its cgroups are unknown', () => {
  expect(hierarchy([V2.replace(' / ', ' /kubepods/x ')], [])).toEqual({ number: 0, mount: undefined })
  expect(hierarchy([''], [''])).toEqual({ number: 0, mount: undefined })
})

test('hierarchies of version 1 next to the unified one are read too, each once', () => {
  const controllers = ['cpuset\t0\t1\t1', 'cpu\t2\t1\t1', 'cpuacct\t2\t1\t1', 'pids\t9\t1\t1', 'memory\t4\t80\t1']
  const others = (main: number, ...mounts: string[]) => [
    ...otherHierarchies(main, mounts, controllers, (m) => m.root === '/'),
  ]
  const cpu = [1, { number: 2, mount: '/sys/fs/cgroup/cpu' }]
  expect(others(0, CPU, V1, V2)).toEqual([cpu, [4, { number: 4, mount: '/sys/fs/cgroup/memory' }]])
  expect(others(4, CPU, V1)).toEqual([cpu])
  expect(others(4, V1)).toEqual([[1, { number: 2, mount: undefined }]])
})
