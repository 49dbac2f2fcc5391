// What the single executable unpacks: once, verified before each use, repaired if it was changed.
import { spawn } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { unpacked } from '../../../src/executable/unpack.js'
import { privileged } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'
import { inside, placeIn, UID } from './inside.js'

const dir = scratchDir('unpack')
const LONG_AGO = new Date('2020-01-01')

function folderOf(cache: string, version = '1.0.0'): string {
  return unpacked(inside(version), [placeIn(join(dir, cache))], UID).folder
}

/** The files below a folder, with contents. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => !e.isDirectory())
  return Object.fromEntries(
    files.map((e) => {
      const path = join(e.parentPath, e.name)
      return [path.slice(folder.length + 1), readFileSync(path, 'utf8')]
    }),
  )
}
const WHOLE = { 'start.cjs': "'1.0.0'\n", 'a/b/c.js': 'export {}\n', 'native/x.node': 'code' }

test('the first start writes the files for this user alone, the next one uses them', () => {
  const folder = folderOf('first')
  expect(contents(folder)).toEqual(WHOLE)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(join(folder, 'start.cjs')).mode & 0o777).toBe(0o600)
  const { ino } = statSync(join(folder, 'start.cjs'))
  expect(folderOf('first')).toBe(folder)
  expect(statSync(join(folder, 'start.cjs')).ino).toBe(ino)
  expect(readdirSync(join(dir, 'first/ksys'))).toHaveLength(1)
})

const TAMPERED: Record<string, (folder: string) => void> = {
  'another content of the same length': (f) => writeFileSync(join(f, 'start.cjs'), "'2.0.0'\n"),
  'a byte more': (f) => appendFileSync(join(f, 'a/b/c.js'), '\n'),
  'a file that is cut': (f) => truncateSync(join(f, 'native/x.node'), 2),
  'a file that is gone': (f) => rmSync(join(f, 'a/b/c.js')),
  'a file too many': (f) => writeFileSync(join(f, 'a/evil.js'), ''),
  'a link in the place of a file': (f) => {
    renameSync(join(f, 'start.cjs'), join(dir, 'elsewhere.cjs'))
    symlinkSync(join(dir, 'elsewhere.cjs'), join(f, 'start.cjs'))
  },
  'a link in the place of a folder': (f) => {
    rmSync(join(dir, 'elsewhere'), { recursive: true, force: true })
    renameSync(join(f, 'a'), join(dir, 'elsewhere'))
    symlinkSync(join(dir, 'elsewhere'), join(f, 'a'))
  },
  'a folder in the place of a file': (f) => {
    rmSync(join(f, 'start.cjs'))
    mkdirSync(join(f, 'start.cjs'))
  },
  'a file that others may write': (f) => chmodSync(join(f, 'start.cjs'), 0o666),
  'a folder that others may write to': (f) => chmodSync(join(f, 'a'), 0o770),
  'a file in the place of all': (f) => {
    rmSync(f, { recursive: true })
    writeFileSync(f, '')
  },
}

for (const [what, tamper] of Object.entries(TAMPERED))
  test(`${what} is repaired before it is used`, () => {
    const folder = folderOf(what.replaceAll(' ', '-'))
    tamper(folder)
    expect(folderOf(what.replaceAll(' ', '-'))).toBe(folder)
    expect(contents(folder)).toEqual(WHOLE)
    expect(readdirSync(join(folder, '..')).filter((n) => n.startsWith('.'))).toEqual([])
  })

test.skipIf(!privileged())('a file of another user is repaired, too', () => {
  const folder = folderOf('theirs')
  chownSync(join(folder, 'start.cjs'), 12345, 12345)
  folderOf('theirs')
  expect(statSync(join(folder, 'start.cjs')).uid).toBe(UID)
})

test('if one folder fails the next is used, and if all fail their reasons are reported', () => {
  writeFileSync(join(dir, 'file'), '')
  const bad = placeIn(join(dir, 'file'))
  const good = placeIn(join(dir, 'good'))
  expect(unpacked(inside('1.0.0'), [bad, good], UID).folder).toContain(join(dir, 'good/ksys/1.0.0-'))
  expect(() => unpacked(inside('1.0.0'), [bad], UID)).toThrow(
    `${join(dir, 'file/ksys')}: a component of the path is not`,
  )
})

test('of older versions one remains, and those that are running; other files there are not touched', () => {
  const folders = ['1.1.0', '1.0.0'].map((v) => folderOf('old', v))
  const base = join(dir, 'old/ksys')
  mkdirSync(join(base, 'kernels'))
  mkdirSync(join(base, '.new-abandoned'))
  // in the order of their last use
  for (const [i, f] of [...folders, join(base, '.new-abandoned')].entries())
    utimesSync(f, LONG_AGO, new Date(LONG_AGO.getTime() + i * 1000))
  const newest = folderOf('old', '1.2.0')
  const names = [folders[1] as string, newest].map((f) => f.slice(base.length + 1))
  expect(readdirSync(base).sort()).toEqual([...names, 'kernels'])
})

test('a version remains while a process runs from its folder', async () => {
  const oldest = folderOf('run', '1.0.0')
  copyFileSync('/bin/sleep', join(oldest, 'native/sleep'))
  const child = spawn(join(oldest, 'native/sleep'), ['60'], { stdio: 'ignore' })
  try {
    await new Promise((done) => child.once('spawn', done))
    for (const v of ['1.1.0', '1.2.0', '1.3.0']) folderOf('run', v)
    expect(statSync(join(oldest, 'start.cjs')).isFile()).toBe(true)
  } finally {
    child.kill('SIGKILL')
  }
})
