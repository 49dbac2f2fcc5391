// Where the single executable unpacks: nowhere that another user can change.
import { chmodSync, chownSync, existsSync, lchownSync, mkdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { places } from '../../../src/executable/places.js'
import { privileged } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'
import { placeIn, UID } from './inside.js'

const dir = scratchDir('places')
const SOMEBODY = 12345
const paths = (uid: number, env: NodeJS.ProcessEnv) => places(uid, env).map((p) => p.path)

test('the candidates for a user are their cache, then their runtime folder, then folders like /tmp', () => {
  const [first, second, third, ...rest] = paths(1000, { XDG_CACHE_HOME: '/c', XDG_RUNTIME_DIR: '/run/user/1000' })
  expect([first, third]).toEqual(['/c/ksys', '/run/user/1000/ksys-program'])
  expect(second).toMatch(/\/\.cache\/ksys$/)
  expect(rest.slice(0, 3)).toEqual(['/tmp', '/dev/shm', '/var/tmp'].map((t) => `${t}/ksys-program-1000`))
})

test('a relative path is ignored as a cache', () => {
  expect(paths(1000, { XDG_CACHE_HOME: 'c', XDG_RUNTIME_DIR: '' }).every((p) => p.startsWith('/'))).toBe(true)
})

test("root's files are never in a folder of HOME or XDG_RUNTIME_DIR: sudo may leave a user's there", () => {
  const env = { HOME: '/home/somebody', XDG_RUNTIME_DIR: '/run/user/1000' }
  expect(paths(0, env).filter((p) => /home|user/.test(p))).toEqual([])
  expect(paths(0, env)[0]).toBe('/var/cache/ksys')
})

test('a cache is created with all its parent folders, for its user alone', () => {
  const cache = join(dir, 'new/cache')
  expect(placeIn(cache).open()).toBe(join(cache, 'ksys'))
  for (const made of [join(dir, 'new'), cache, join(cache, 'ksys')]) expect(statSync(made).mode & 0o777).toBe(0o700)
})

test('a folder that others may write to is not used, nor one below it', () => {
  for (const mode of [0o777, 0o770, 0o775]) {
    const open = join(dir, `open-${mode}`)
    mkdirSync(join(open, 'below/ksys'), { recursive: true })
    chmodSync(open, mode)
    expect(() => placeIn(open).open()).toThrow(`other users can change ${open}`)
    expect(() => placeIn(join(open, 'below')).open()).toThrow(`other users can change ${open}`)
  }
  const shared = join(dir, 'shared/ksys')
  mkdirSync(shared, { recursive: true })
  chmodSync(shared, 0o1777)
  expect(() => placeIn(join(dir, 'shared')).open()).toThrow('other users can change it')
})

test("in a folder like /tmp a folder of the user's own is used", () => {
  const sticky = join(dir, 'sticky')
  mkdirSync(sticky)
  chmodSync(sticky, 0o1777)
  expect(placeIn(join(sticky, 'mine')).open()).toBe(join(sticky, 'mine/ksys'))
})

test.skipIf(!privileged())("another user's folder or link is not used, wherever it leads", () => {
  const theirs = join(dir, 'theirs')
  mkdirSync(join(theirs, 'ksys'), { recursive: true })
  chownSync(theirs, SOMEBODY, SOMEBODY)
  expect(() => placeIn(theirs).open()).toThrow(`${theirs} belongs to another user`)
  expect(() => placeIn(join(theirs, 'cache')).open()).toThrow(`${theirs} belongs to another user`)
  expect(existsSync(join(theirs, 'cache'))).toBe(false)
  const link = join(dir, 'link')
  mkdirSync(join(dir, 'safe/ksys'), { recursive: true })
  symlinkSync(join(dir, 'safe'), link)
  expect(placeIn(link).open()).toBe(join(dir, 'safe/ksys'))
  lchownSync(link, SOMEBODY, SOMEBODY)
  expect(() => placeIn(link).open()).toThrow(`${link} belongs to another user`)
})

test('the last candidates have unpredictable names', () => {
  const brief = places(UID, {}).filter((p) => p.temporary)
  expect(brief.map((p) => p.path)).toEqual(['/tmp/ksys-*', '/dev/shm/ksys-*', '/var/tmp/ksys-*'])
  expect(existsSync('/tmp/ksys-*')).toBe(false)
})
