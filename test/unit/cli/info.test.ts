// ksys info: what a capture is, in words and as JSON; damage has its exit code.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ksys, root } from '../../helpers/ksys.js'

const dir = mkdtempSync(join(tmpdir(), 'ksys-info-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const web = join(root, 'captures/web.ksys')

test('tells the host, the span, the events and what was lost', () => {
  const run = ksys(['info', web])
  expect(run).toMatchObject({ code: 0, stderr: '' })
  expect(run.stdout).toMatch(/^format +ksys trace 1$/m)
  expect(run.stdout).toMatch(/^host +demo, Linux 6\.\S+, x86-64, 2 CPUs$/m)
  expect(run.stdout).toMatch(/^lost +none$/m)
  const events = ksys(['-r', web]).stdout.trimEnd().split('\n').length
  expect(run.stdout).toContain(`${events.toLocaleString('en-US')}, `)
})

test('speaks JSON, a line for each file', () => {
  const run = ksys(['info', '-j', web, join(root, 'captures/shell.ksys')])
  const facts = run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(facts).toHaveLength(2)
  expect(facts[0]).toMatchObject({ format: 'ksys trace', host: 'demo', lost: 0, damage: [] })
  const sum = Object.values(facts[0].categories as Record<string, number>).reduce((a, b) => a + b)
  expect(sum).toBe(facts[0].events)
})

test('names the damaged places, with the exit code of damage', () => {
  const broken = join(dir, 'broken.ksys')
  const bytes = readFileSync(web)
  writeFileSync(broken, bytes.subarray(0, bytes.length - 3000))
  const run = ksys(['info', broken])
  expect(run.code).toBe(ksys(['-q', '-r', broken]).code)
  expect(run.code).not.toBe(0)
  expect(run.stdout).toMatch(/at byte [\d,]+: it ends/)
})

test('says what is missing', () => {
  expect(ksys(['info'])).toMatchObject({ code: 2, stdout: '' })
  expect(ksys(['info', join(dir, 'nosuch')]).stderr).toContain('there is no such file')
  expect(ksys(['info', '--nosuch']).stderr).toContain('ksys info --help')
})
