// ksys cut: a part of a capture file as a separate file, which contains for this part what the whole file contains.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ksys, root } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'

const dir = scratchDir('cut')
const build = join(root, 'captures/build.ksys')
const LINE = '%evt.num %evt.rawtime %proc.name %proc.cmdline %fd.name %evt.type %evt.args'
let made = 0
/** The path of a part. */
function part(...words: string[]): string {
  const path = join(dir, `${made++}.ksys`)
  expect(ksys(['cut', build, '-w', path, ...words])).toMatchObject({ code: 0, stdout: '' })
  return path
}
const lines = (path: string, ...words: string[]) => ksys(['-r', path, '-p', `*${LINE}`, ...words]).stdout

test('a part between two points has the same contents as in the whole file, by number, time and filter', () => {
  const [first, last] = [2000, 3000]
  const wanted = ['--from', `${first}`, '--to', `${last}`]
  expect(lines(part(...wanted))).toBe(lines(build, ...wanted))
  expect(lines(part('--from', '10ms', '--to', '40ms'))).toBe(lines(build, '--since', '10ms', '--until', '40ms'))
  const filter = ['fd.type=file', 'and', 'evt.failed=false']
  expect(lines(part(...wanted, ...filter))).toBe(lines(build, ...wanted, filter.join(' ')))
  expect(lines(part(...wanted)).split('\n').length).toBeGreaterThan(100)
})

test('relative times count from the same event in a part as in the whole file', () => {
  const words = ['--since', '2000', '--until', '2010']
  const rel = (path: string, ...more: string[]) => ksys(['-r', path, '-p', '%evt.num %evt.reltime', ...more]).stdout
  expect(rel(part(...words))).toBe(rel(build, ...words))
})

test('a part may be selected by a number of events or seconds, and written to standard output', () => {
  expect(lines(part('-n', '5'))).toBe(lines(build, '-n', '5'))
  expect(lines(part('-M', '20ms'))).toBe(lines(build, '-M', '20ms'))
  const path = join(dir, 'same.ksys')
  expect(ksys(['cut', build, '-w', path, 'proc.name=as'])).toMatchObject({ code: 0 })
  expect(readFileSync(path).subarray(1, 5).toString()).toBe('KSYS')
})

test('missing and wrong arguments are reported', () => {
  const out = join(dir, 'none.ksys')
  expect(ksys(['cut'])).toMatchObject({ code: 2, stderr: expect.stringContaining('missing file to cut') })
  expect(ksys(['cut', build])).toMatchObject({ code: 2, stderr: expect.stringContaining('missing -w') })
  expect(ksys(['cut', build, '-w', out])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('missing part to write'),
  })
  expect(ksys(['cut', build, '-w', build, '-n', '1']).stderr).toContain('would overwrite the file that is read')
  expect(ksys(['cut', build, '-w', out, '--since', 'soon']).stderr).toContain('is not a point in a file')
  expect(ksys(['cut', build, '-w', out, '--since', '9', '--until', '8']).stderr).toContain('the range is empty')
  expect(ksys(['cut', build, '-w', out, 'proc.nam=x'])).toMatchObject({ code: 2 })
  expect(ksys(['cut', join(dir, 'no.ksys'), '-w', out, '-n', '1'])).toMatchObject({ code: 4 })
  expect(ksys(['cut', build, '-w', join(dir, 'no/x.ksys'), '-n', '1'])).toMatchObject({ code: 6 })
  expect(ksys(['cut', '--nosuch']).stderr).toContain('ksys cut --help')
  // the words after -- are the filter, even if they look like options
  expect(ksys(['cut', build, '-w', out, '--', '-n', '1'])).toMatchObject({ code: 2, stdout: '' })
})
