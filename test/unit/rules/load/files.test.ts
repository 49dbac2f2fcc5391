// The files that rules are read from, and the errors for unreadable ones.
import { execFileSync } from 'node:child_process'
import { chmodSync, closeSync, ftruncateSync, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readRulesFiles } from '../../../../src/rules/load/files.js'
import { scratchDir } from '../../../helpers/live.js'

const dir = scratchDir('rules-files')
let made = 0
function folder(files: Record<string, string> = {}): string {
  const path = join(dir, `d${made++}`)
  mkdirSync(path)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  return path
}
const read = (...paths: string[]) => readRulesFiles(paths, { trustedOnly: false })
const why = (path: string, trustedOnly = false) =>
  readRulesFiles([path], { trustedOnly }).map((f) => ('unreadable' in f ? f.unreadable : ''))

test('a folder stands for its files that end in .yaml or .yml, by name', () => {
  const path = folder({ 'b.yml': 'b', 'a.yaml': 'a', 'c.txt': 'c', '.d.yaml': 'd', 'B.yaml': 'B' })
  expect(read(path)).toEqual([
    { name: join(path, 'B.yaml'), text: 'B' },
    { name: join(path, 'a.yaml'), text: 'a' },
    { name: join(path, 'b.yml'), text: 'b' },
  ])
})

test('files keep the order in which they are given, whatever their names end in', () => {
  const path = folder({ 'z.txt': '\ufeffz', 'a.yaml': 'a' })
  expect(read(join(path, 'z.txt'), path)).toEqual([
    { name: join(path, 'z.txt'), text: 'z' },
    { name: join(path, 'a.yaml'), text: 'a' },
  ])
})

test('an empty folder has no files', () => {
  expect(read(folder())).toEqual([])
})

test('a missing file, a special file and a loop of links are reported', () => {
  const path = folder()
  symlinkSync('gone', join(path, 'a.yaml'))
  symlinkSync('b.yaml', join(path, 'b.yaml'))
  expect(why(join(path, 'x.yaml'))).toEqual(['there is no such file'])
  expect(why('/dev/null')).toEqual(['it is not a regular file'])
  expect(why(path)).toEqual(['there is no such file', 'its symbolic links form a loop'])
})

test('a FIFO is not waited for', () => {
  const path = folder()
  execFileSync('mkfifo', [join(path, 'a.yaml')])
  expect(why(path)).toEqual(['it is not a regular file'])
})

test('a file that is too large is not read', () => {
  const path = join(folder(), 'a.yaml')
  const fd = openSync(path, 'w')
  ftruncateSync(fd, (8 << 20) + 1)
  closeSync(fd)
  expect(why(path)).toEqual(['it is larger than 8 megabytes'])
})

test('a file that other users can change is refused where only trusted ones are accepted', () => {
  const path = folder({ 'a.yaml': 'a', 'b.yaml': 'b' })
  chmodSync(join(path, 'a.yaml'), 0o666)
  expect(why(path, true)).toEqual([expect.stringMatching(/^it is rejected, .*anyone can write to it/), ''])
})
