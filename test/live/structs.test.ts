// Structures that arguments point to: recorded where something uses them, and in files unless --no-structs omits them.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const dir = scratchDir('structs')

describe.skipIf(!privileged())('the structures of a live capture', () => {
  test('are in a file, unless --no-structs omits them: then nothing else changes', async () => {
    const rows = async (name: string, ...more: string[]) => {
      const file = join(dir, name)
      expect(
        (await ksys(['-q', '-w', file, ...more, 'evt.type=newfstatat or evt.type=fstat', '--', 'ls', '/'])).code,
      ).toBe(0)
      const read = await ksys(['-r', file, 'proc.name=ls', '-p', '%evt.type %evt.res %evt.args'])
      return read.stdout.trim().split('\n')
    }
    const all = await rows('all.ksys')
    const without = await rows('without.ksys', '--no-structs')
    expect(all.length).toBeGreaterThan(0)
    expect(all.some((row) => row.includes('st_mode='))).toBe(true)
    expect(without.map((row) => row.split(' ', 2))).toEqual(all.map((row) => row.split(' ', 2)))
    expect(without.filter((row) => row.includes('st_mode='))).toEqual([])
  })

  test('are recorded if the output has them, and not if only numbers are printed', async () => {
    const printed = async (...args: string[]) => {
      const run = await ksys([...args, 'evt.type=newfstatat or evt.type=fstat', '--', 'ls', '/'])
      return run.stdout
    }
    expect(await printed('-p', '%evt.args')).toContain('st_mode=')
    expect(await printed('--no-structs')).toContain('NULL')
  })
})
