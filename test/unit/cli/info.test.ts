// ksys info: a description of a capture, as text and as JSON; damage has its own exit code.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { ksys, root } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'

const dir = scratchDir('info')
const web = join(root, 'captures/web.ksys')

test('the text has the host, the time span, the events and the losses', () => {
  const run = ksys(['info', web])
  expect(run).toMatchObject({ code: 0, stderr: '' })
  expect(run.stdout).toMatch(/^format +ksys trace 2$/m)
  expect(run.stdout).toMatch(/^host +demo, Linux 6\.\S+, x86-64, 2 CPUs$/m)
  expect(run.stdout).toMatch(/^lost +none$/m)
  const events = ksys(['-r', web]).stdout.trimEnd().split('\n').length
  expect(run.stdout).toContain(`${events.toLocaleString('en-US')}, `)
})

test('JSON has a line for each file', () => {
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

test('damaged places are listed, with the exit code for damage', () => {
  const broken = join(dir, 'broken.ksys')
  const bytes = readFileSync(web)
  writeFileSync(broken, bytes.subarray(0, bytes.length - 3000))
  const run = ksys(['info', broken])
  expect(run.code).toBe(ksys(['-q', '-r', broken]).code)
  expect(run.code).not.toBe(0)
  expect(run.stdout).toMatch(/at byte [\d,]+: it ends/)
})

/** A new trace with the events of a capture that pass a filter. */
function rewritten(from: string, filter: string): string {
  const path = join(dir, `${made++}.ksys`)
  let input = join(root, from)
  if (from.endsWith('.gz')) {
    input = join(dir, `${made}.scap`)
    writeFileSync(input, gunzipSync(readFileSync(join(root, from))))
  }
  expect(ksys(['-r', input, '-w', path, filter])).toMatchObject({ code: 0 })
  return path
}
let made = 0
function facts(path: string, ...options: string[]) {
  const run = ksys(['info', '-j', ...options, path])
  return { ...JSON.parse(run.stdout), code: run.code }
}

test.each([
  ['captures/web.ksys', ''],
  ['captures/build.ksys', 'evt.type=openat'],
  ['captures/build.ksys', 'evt.type=kill'],
  ['test/golden/captures/container.scap.gz', ''],
  ['test/golden/captures/cat_write.scap.gz', 'proc.name=cat'],
])('the end of a trace has the same summary that reading it gives: %s with %j', (from, filter) => {
  const path = rewritten(from, filter)
  const summary = facts(path)
  expect(summary).toMatchObject({ code: 0, checked: 'checksums' })
  expect(facts(path, '--deep')).toEqual({ ...summary, checked: 'events' })
})

test('a part has the time span of its own events, not of the original file', () => {
  const path = join(dir, 'part.ksys')
  ksys(['cut', join(root, 'captures/build.ksys'), '-w', path, '--since', '10ms', '--until', '30ms'])
  const times = ksys(['-r', path, '-p', '%evt.rawtime']).stdout.trimEnd().split('\n')
  for (const words of [[], ['--deep']]) {
    expect(facts(path, ...words)).toMatchObject({ start: times[0], end: times.at(-1), events: times.length })
    expect(facts(path, ...words).seconds).toBeLessThan(0.021)
  }
})

test('a trace with any byte changed is read, and the damaged places are listed', () => {
  const bytes = readFileSync(rewritten('captures/web.ksys', ''))
  const broken = join(dir, 'bit.ksys')
  for (const part of [0.1, 0.5, 0.9]) {
    const copy = Buffer.from(bytes)
    copy[Math.floor(bytes.length * part)]! ^= 1
    writeFileSync(broken, copy)
    const found = facts(broken)
    expect(found).toMatchObject({ code: 5, checked: 'events' })
    expect(found.damage).not.toEqual([])
    expect(facts(broken, '--deep')).toEqual(found)
  }
})

test('bytes after the end are reported as damage', () => {
  const path = rewritten('captures/web.ksys', '')
  appendFileSync(path, 'more')
  expect(facts(path)).toMatchObject({ code: 5, checked: 'events' })
})

test('missing arguments and files are reported', () => {
  expect(ksys(['info'])).toMatchObject({ code: 2, stdout: '' })
  expect(ksys(['info', join(dir, 'nosuch')]).stderr).toContain('there is no such file')
  expect(ksys(['info', '--nosuch']).stderr).toContain('ksys info --help')
})

test('a trace without its last bytes is reported as truncated, wherever it was cut', () => {
  const whole = readFileSync(web)
  for (const bytes of [24, 23, 1, 25]) {
    const path = join(dir, 'cut.ksys')
    writeFileSync(path, whole.subarray(0, -bytes))
    const info = ksys(['info', path])
    expect(info.code).toBe(5)
    expect(info.stdout).toMatch(/^damage +1 place\n.*(cut off|it was cut)/m)
    expect(ksys(['-r', path, '-q']).code).toBe(5)
  }
  expect(ksys(['info', web])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^damage +none/m) })
})
