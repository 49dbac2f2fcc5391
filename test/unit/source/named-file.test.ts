// Files that options name: pipes are read too, and endless files are refused.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { readNamed } from '../../../src/source/files.js'
import { ksys } from '../../helpers/ksys.js'

let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ksys-named-'))
  return () => rmSync(dir, { recursive: true })
})

test('a file of the maximum size is read, and a larger one is not', () => {
  const file = join(dir, 'file')
  writeFileSync(file, 'x'.repeat(100_000))
  expect(readNamed(file, 100_000)?.length).toBe(100_000)
  expect(readNamed(file, 99_999)).toBeUndefined()
  expect(readNamed('/dev/zero', 100_000)).toBeUndefined()
  expect(() => readNamed(dir, 100)).toThrow('EISDIR')
})

test('a pipe is read to its end', () => {
  const fifo = join(dir, 'fifo')
  execFileSync('mkfifo', [fifo])
  spawn('sh', ['-c', `echo token > ${fifo}`])
  expect(readNamed(fifo, 100)?.toString()).toBe('token\n')
})

test('an option that names an endless file is an error, not a run that takes all memory', () => {
  const ran = ksys(['-r', 'none.ksys', '--redact', '/dev/zero'], { seconds: 20 })
  expect(ran.stderr).toContain('/dev/zero is larger than a megabyte')
  expect(ran.code).not.toBe(0)
})
