// What the single executable unpacks: once, verified before each use, repaired if it was changed.
import { spawn, spawnSync } from 'node:child_process'
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
import { privileged, root } from '../../helpers/ksys.js'
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

/** Unpacks to the cache $0 in a process of its own, and prints the folder or the error. */
const UNPACK = `
  import { archiveOf, readArchive, sha256 } from '${root}.build/js/src/executable/manifest.js'
  import { places } from '${root}.build/js/src/executable/places.js'
  import { unpacked } from '${root}.build/js/src/executable/unpack.js'
  const files = [{ path: 'a/b/x.node', size: 4, sha256: sha256('code'), executable: true }]
  const inside = readArchive(archiveOf({ version: '1.0.0', files }, [Buffer.from('code')]))
  const uid = process.geteuid()
  try {
    console.log(unpacked(inside, places(uid, { XDG_CACHE_HOME: process.argv[1] }).slice(0, 1), uid).folder)
  } catch (e) {
    console.log(e.code ?? e.constructor.name, e.message)
  }`

/** The same after shell commands; before each run, the cache does not exist. */
function unpackedAfter(commands: string, cache: string) {
  const script = `${commands}\n"$@"; find "$0"`
  const own = ['--mount', '--propagation', 'private', 'sh', '-c', script]
  const ran = spawnSync('unshare', [...own, dir, process.execPath, '--input-type=module', '-e', UNPACK, cache], {
    encoding: 'utf8',
  })
  return { ...ran, found: ran.stdout.split('\n').filter((line) => line.startsWith(join(dir, 'mounted'))) }
}

test.skipIf(!privileged())('a folder that cannot be used is left as it was, and the reason is the right one', () => {
  const mounted = join(dir, 'mounted')
  mkdirSync(mounted)
  for (const [options, says] of [
    ['ro', 'the file system is read-only'],
    ['noexec', 'programs cannot run from there (mounted noexec)'],
  ] as const) {
    const mount = `mount -t tmpfs -o ${options},mode=755 tmpfs ${mounted}`
    const ran = unpackedAfter(mount, join(mounted, 'some/cache'))
    expect(ran.stdout).toContain(`NoPlace ${mounted}/some/cache/ksys: ${says}\n`)
    expect(ran.found).toEqual([mounted])
  }
})

test.skipIf(!privileged())('if too few files may be open, that is the error, and nothing is created', () => {
  const mounted = join(dir, 'mounted')
  const errors = new Set<string>()
  // Node itself needs about 20, and ends by a signal if there are fewer
  for (let files = 20; files < 40; files++) {
    const mount = `mount -t tmpfs -o mode=755 tmpfs ${mounted}; ulimit -n ${files}`
    const ran = unpackedAfter(mount, join(mounted, 'cache'))
    if (ran.stdout.startsWith(`${mounted}/cache/ksys/1.0.0-`))
      expect(ran.found).toContainEqual(expect.stringMatching(/x\.node$/))
    else expect(ran.found).toEqual([mounted])
    const error = /^(\w+) /.exec(ran.stdout)?.[1]
    if (error !== undefined) errors.add(error)
  }
  expect([...errors]).toEqual(['EMFILE'])
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
