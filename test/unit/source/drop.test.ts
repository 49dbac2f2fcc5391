// Losses are reported by an event, however full the batch is in which they were found.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const native = new URL('../../../native/', import.meta.url).pathname
const dir = mkdtempSync(join(tmpdir(), 'ksys-drop-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

test('a loss is reported once: if the batch is full, in the next one', { timeout: 300_000 }, () => {
  const program = join(dir, 'drop')
  const sources = [
    new URL('drop.cc', import.meta.url).pathname,
    `${native}capture/merge.cc`,
    `${native}capture/merge_rows.cc`,
    `${native}capture/stacks.cc`,
  ]
  execFileSync(process.env.CXX ?? 'c++', ['-std=c++20', '-O0', '-w', '-iquote', native, '-o', program, ...sources])
  const rows = execFileSync(program, { encoding: 'utf8' })
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').map(Number))
  expect(rows.filter(([, little = 0, enough = 0]) => little + enough !== 1)).toEqual([])
  expect(new Set(rows.map(([, little]) => little))).toEqual(new Set([0, 1]))
})
