// Records of the kernel's iterators and of /proc become the snapshot, whatever bytes they contain.

import { expect, test } from 'vitest'
import { cgroupList } from '../../../src/source/procfs.js'
import { Tasks } from '../../../src/source/records.js'
import fc from '../../helpers/properties.js'

test('invalid bytes end the list, and never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
      const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
      const tasks = new Tasks(buffer)
      expect(tasks.length).toBeLessThanOrEqual(bytes.length / 104)
      for (let i = 0; i < tasks.length; i++) tasks.at(i)
    }),
  )
})

test('controllers of both hierarchies get their paths', () => {
  const hybrid = '5:memory:/a\n4:cpu,cpuacct:/b:c\n3:blkio:/d\n0::/unified\n'
  expect(cgroupList(hybrid)).toEqual(['cpuset=/unified', 'cpu=/b:c', 'cpuacct=/b:c', 'io=/d', 'memory=/a'])
  expect(cgroupList('0::/\n')).toEqual(['cpuset=/', 'cpu=/', 'cpuacct=/', 'io=/', 'memory=/'])
  expect(cgroupList('')).toEqual([])
})

test('the unified cgroup is listed if every controller is in a hierarchy of its own', () => {
  const v1 = ['cpuset=/a', 'cpu=/', 'cpuacct=/', 'io=/', 'memory=/']
  const lines = '1:cpuset:/a\n2:cpu,cpuacct:/\n3:blkio:/\n4:memory:/\n'
  expect(cgroupList(`${lines}0::/unified\n`)).toEqual([...v1, 'unified=/unified'])
  expect(cgroupList(`${lines}0::/\n`)).toEqual(v1)
})
