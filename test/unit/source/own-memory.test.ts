// The limit of the cgroups of a process, in both versions.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fittingBuffer, uiBuffer, usualBuffer } from '../../../src/source/buffers.js'
import { OwnMemory } from '../../../src/source/own-memory.js'
import { scratch } from '../../helpers/trace.js'

const at = scratch()
const MB = 1 << 20
const MACHINE = 8192 * MB

/** A hierarchy as the kernel shows it: files of each directory. */
function hierarchy(name: string, dirs: Record<string, Record<string, string>>): string {
  for (const [dir, files] of Object.entries(dirs)) {
    mkdirSync(join(at(name), dir), { recursive: true })
    for (const [file, text] of Object.entries(files)) writeFileSync(join(at(name), dir, file), `${text}\n`)
  }
  return at(name)
}

const v2 = (path: string, root = '/') => [`30 20 0:26 ${root} ${path} rw - cgroup2 cgroup rw`]
const v1 = (path: string, root = '/') => [`30 20 0:26 ${root} ${path} rw - cgroup cgroup rw,memory`]

test('version 2: the tightest limit above applies, and memory that can be freed at once is not counted', () => {
  const top = hierarchy('two', {
    '.': {},
    pod: {
      'memory.max': String(300 * MB),
      'memory.current': String(250 * MB),
      'memory.stat': `anon 1\ninactive_file ${40 * MB}\nactive_file ${10 * MB}`,
    },
    'pod/own': { 'memory.max': 'max', 'memory.current': '1', 'memory.stat': '' },
  })
  const memory = OwnMemory.find(['0::/pod/own'], v2(top), MACHINE)
  expect(memory?.limit).toBe(300 * MB)
  expect(memory?.used()).toBe(200 * MB)
})

test('version 1, from within a container: the mount starts at its cgroup', () => {
  const top = hierarchy('one', {
    '.': {
      'memory.limit_in_bytes': String(256 * MB),
      'memory.usage_in_bytes': String(90 * MB),
      'memory.stat': `total_inactive_file ${10 * MB}`,
    },
  })
  const memory = OwnMemory.find(['4:memory:/docker/abc', '0::/'], v1(top, '/docker/abc'), MACHINE)
  expect(memory?.limit).toBe(256 * MB)
  expect(memory?.used()).toBe(80 * MB)
})

test('without a limit, or with one above the memory of the machine, there is none', () => {
  const top = hierarchy('none', {
    '.': { 'memory.limit_in_bytes': '9223372036854771712' },
    own: { 'memory.max': 'max' },
  })
  expect(OwnMemory.find(['4:memory:/'], v1(top), MACHINE)).toBeUndefined()
  expect(OwnMemory.find(['0::/own'], v2(top), MACHINE)).toBeUndefined()
  expect(OwnMemory.find(['garbage', ''], ['garbage'], MACHINE)).toBeUndefined()
  expect(OwnMemory.find(['0::/../../elsewhere'], v2(top), MACHINE)).toBeUndefined()
})

test('buffers are smaller if the limit is near', () => {
  const limited = (mb: number) => {
    const top = hierarchy(`fits-${mb}`, { '.': { 'memory.max': String(mb * MB) } })
    return fittingBuffer(OwnMemory.find(['0::/'], v2(top), MACHINE)) / MB
  }
  expect([64, 256, 320, 4096].map(limited)).toEqual([8, 32, 64, 128])
})

test('buffers have 8 MB for each processor, at least 128 MB, at most a sixteenth of the memory', () => {
  const GB = 1024 * MB
  const usual = (processors: number, memory: number) => usualBuffer(processors, memory) / MB
  expect(usual(2, 24 * GB)).toBe(128)
  expect(usual(64, 256 * GB)).toBe(512)
  expect(usual(256, 1024 * GB)).toBe(2048)
  expect(usual(64, 4 * GB)).toBe(256)
  expect(usual(2, GB / 2)).toBe(32)
  expect(usual(2, 16 * MB)).toBe(8)
})

test('buffers of the terminal UI have a third of that, at least 8 MB', () => {
  expect([129 * MB, 600 * MB, 9 * MB].map((usual) => uiBuffer(usual) / MB)).toEqual([43, 200, 8])
})
