// Which hierarchy of cgroups tells containers apart, on the three layouts that hosts have.
import { expect, test } from 'vitest'
import { hierarchyOf } from '../../../src/source/cgroups.js'

const hierarchy = (mounts: string[], controllers: string[]) => hierarchyOf(mounts, controllers, (m) => m.root === '/')

const V2 = '29 22 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate'
const V1 = '31 22 0:28 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory'
const CPU = '32 22 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu,cpuacct'

test('the unified one where it is mounted, alone or beside others', () => {
  expect(hierarchy([V2], ['memory\t0\t80\t1'])).toEqual({ number: 0, mount: '/sys/fs/cgroup' })
  const hybrid = V2.replace('/sys/fs/cgroup', '/sys/fs/cgroup/uni\\040fied')
  expect(hierarchy([V1, hybrid], ['memory\t4\t80\t1'])).toEqual({ number: 0, mount: '/sys/fs/cgroup/uni fied' })
})

test("the memory controller's where there is no unified one", () => {
  expect(hierarchy([CPU, V1], ['cpu\t2\t1\t1', 'memory\t4\t80\t1'])).toEqual({
    number: 4,
    mount: '/sys/fs/cgroup/memory',
  })
})

test('without a mount of the whole hierarchy its cgroups are not known', () => {
  expect(hierarchy([V2.replace(' / ', ' /kubepods/x ')], [])).toEqual({ number: 0, mount: undefined })
  expect(hierarchy([''], [''])).toEqual({ number: 0, mount: undefined })
})
