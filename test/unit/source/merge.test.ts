// Rows of many CPUs are delivered in the order of their times, none missing. The program of the bench checks it.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const root = new URL('../../../', import.meta.url).pathname
const native = `${root}native/`
const dir = mkdtempSync(join(tmpdir(), 'ksys-merge-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

test('rows of 1 to 256 CPUs are merged completely and by time', { timeout: 300_000 }, () => {
  const program = join(dir, 'merge')
  const sources = ['merge.cc', 'merge_rows.cc', 'stacks.cc'].map((file) => `${native}capture/${file}`)
  execFileSync(process.env.CXX ?? 'c++', [
    ...['-std=c++20', '-O1', '-w', '-iquote', native, '-o', program],
    `${root}test/bench/merge.cc`,
    ...sources,
  ])
  const lines = execFileSync(program, ['20000', '1', '2', '3', '64', '256'], { encoding: 'utf8' }).trimEnd().split('\n')
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['1', '2', '3', '64', '256'])
})
