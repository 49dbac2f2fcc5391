// Files that others have created: which are read, which are refused before they are opened, and that links remain in their tree.
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  namesInForeign,
  type ReadResult,
  readForeign,
  readForeignSync,
  withForeign,
} from '../../../src/source/foreign/file.js'
import type { ForeignPath } from '../../../src/source/foreign/find.js'

const MOST = 1 << 20
const root = process.getuid?.() === 0

let dir: string
let tree: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ksys-foreign-'))
  tree = join(dir, 'tree')
  mkdirSync(join(tree, 'etc'), { recursive: true })
  writeFileSync(join(dir, 'secret'), 'outside')
  return () => rmSync(dir, { recursive: true })
})

const at = (path: string) => join(tree, path)

/** The result of both ways of reading, which must be equal: the text, the reason why it is refused, or undefined. */
async function read(path: string, more: Partial<ForeignPath> = {}): Promise<string | undefined> {
  const place = { root: tree, links: true, ...more, path }
  const outcome = (got: ReadResult) => (got === undefined ? undefined : 'why' in got ? got.why : got.bytes.toString())
  const sync = outcome(readForeignSync(place, MOST))
  expect(outcome(await readForeign(place, MOST)) === sync, sync).toBe(true)
  return sync
}

/** What this process has open in the test's folder. */
const openFiles = () =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`)
      return path.startsWith(dir) ? [path] : []
    } catch {
      return []
    }
  })

describe('a regular file is read', () => {
  test('completely, whatever its size, by a path with or without a slash at its start', async () => {
    const text = 'x'.repeat(MOST)
    writeFileSync(at('etc/long'), text)
    writeFileSync(at('etc/empty'), '')
    expect(await read('etc/long')).toBe(text)
    expect(await read('/etc/./long')).toBe(text)
    expect(await read('etc/empty')).toBe('')
    expect(await read('etc/none')).toBeUndefined()
  })

  test('through links that all end inside the tree', async () => {
    writeFileSync(at('secret'), 'inside')
    symlinkSync('/secret', at('etc/absolute'))
    symlinkSync('../../../../../secret', at('etc/up'))
    symlinkSync('/etc', at('link'))
    expect(await read('etc/absolute')).toBe('inside')
    expect(await read('etc/up')).toBe('inside')
    expect(await read('link/up')).toBe('inside')
    expect(await read('../../secret')).toBe('inside')
    symlinkSync(join(dir, 'secret'), at('etc/out'))
    expect(await read('etc/out')).toBeUndefined()
  })

  test('in a tree that is found by a path in another tree', async () => {
    symlinkSync('/real', at('link'))
    mkdirSync(at('real'))
    writeFileSync(at('real/file'), 'inside')
    const inner = { root: { root: tree, path: 'link', links: true } }
    expect(await read('file', inner)).toBe('inside')
    writeFileSync(at('secret'), 'of the outer tree')
    symlinkSync('/secret', at('real/out'))
    expect(await read('out', inner)).toBeUndefined()
  })
})

describe('nothing is read', () => {
  test('through links if links are not followed, or if there are too many', async () => {
    writeFileSync(at('file'), 'inside')
    symlinkSync('/file', at('etc/link'))
    symlinkSync('/etc', at('folder'))
    symlinkSync('/circle', at('circle'))
    expect(await read('etc/link', { links: false })).toBe('it is a link')
    expect(await read('folder/link', { links: false })).toBe('its path contains a link')
    expect(await read('circle')).toBe('too many symbolic links')
  })

  test('of files that the kernel opens through links of /proc, whose text is not a path', async () => {
    const fd = openSync(join(dir, 'secret'), constants.O_RDONLY)
    const proc = { root: '/', links: true }
    expect(await read(`/proc/self/fd/${fd}`, proc)).toBe('outside')
    rmSync(join(dir, 'secret'))
    expect(await read(`/proc/self/fd/${fd}`, proc)).toBeUndefined()
    closeSync(fd)
  })

  test('of FIFOs, sockets and folders, without waiting', async () => {
    execFileSync('mkfifo', [at('fifo')])
    const server = createServer().listen(at('socket'))
    await new Promise((done) => server.on('listening', done))
    for (const path of ['fifo', 'socket', 'etc', '', '/', '..'])
      expect(await read(path), path).toBe('it is not a regular file')
    server.close()
    expect(await read('fifo/file')).toBe('a component of the path is not a directory')
  })

  test.runIf(root)('of devices, which are not opened either', async () => {
    // of a driver that does not exist: opening it would fail with an error of its own
    execFileSync('mknod', [at('device'), 'c', '240', '253'])
    execFileSync('mknod', [at('disk'), 'b', '240', '253'])
    symlinkSync('/device', at('etc/passwd'))
    expect(() => openSync(at('device'), constants.O_RDONLY | constants.O_NONBLOCK)).toThrow('ENXIO')
    for (const path of ['device', 'disk', 'etc/passwd']) expect(await read(path), path).toBe('it is not a regular file')
  })

  test('of files that the kernel generates, some of which change when they are read', async () => {
    expect(await read('/sys/devices/system/cpu/online', { root: '/' })).toBe('its content is generated by the kernel')
    // its size is 0
    expect(await read('/proc/version', { root: '/' })).toBe('')
  })

  test('of files larger than the limit, before or after they were checked', async () => {
    writeFileSync(at('huge'), '')
    truncateSync(at('huge'), 2 ** 40)
    expect(await read('huge')).toBe('it is larger than 1 MB')
    writeFileSync(at('grows'), 'x')
    const grow = () => {
      appendFileSync(at('grows'), Buffer.alloc(MOST))
      return true
    }
    expect(readForeignSync({ root: tree, path: 'grows' }, MOST, grow)).toEqual({ why: 'it is larger than 1 MB' })
  })

  test.runIf(root)("of another user's file, or in another user's folder, where the owner matters", async () => {
    writeFileSync(at('etc/file'), 'x')
    expect(await read('etc/file', { owner: 23456 })).toBe('its folder does not belong to user 23456')
    execFileSync('chown', ['23456', tree])
    expect(await read('etc/file', { owner: 23456 })).toBe('it is not a file of user 23456')
    execFileSync('chown', ['23456', at('etc/file')])
    expect(await read('etc/file', { owner: 23456 })).toBe('x')
  })

  test('of a file other than the expected one, also if it is replaced meanwhile', () => {
    writeFileSync(at('file'), 'first')
    writeFileSync(at('other'), 'second')
    const place = { root: tree, path: 'file' }
    expect(readForeignSync(place, MOST, () => false)).toEqual({ why: 'it is not the expected file' })
    const replace = () => {
      renameSync(at('other'), at('file'))
      return true
    }
    expect(withForeign(place, replace, (fd) => readFileSync(fd, 'utf8'))).toBe('first')
    expect(() => withForeign({ root: tree, path: 'none' }, replace, () => 0)).toThrow('ENOENT')
  })

  test('behind more folders than a path may have', async () => {
    const deep = 'd/'.repeat(200)
    mkdirSync(at(deep), { recursive: true })
    writeFileSync(at(`${deep}file`), 'x')
    expect(await read(`${deep}file`)).toMatch(/more than 100 folders/)
  })
})

test('names in a folder are counted, and no descriptor remains open in any case', async () => {
  for (const name of ['a', 'b', 'c']) writeFileSync(at(`etc/${name}`), name)
  execFileSync('mkfifo', [at('fifo')])
  symlinkSync('/circle', at('circle'))
  expect((await namesInForeign({ root: tree, path: 'etc' }, 10)).sort()).toEqual(['a', 'b', 'c'])
  expect(await namesInForeign({ root: tree, path: 'etc' }, 2)).toHaveLength(2)
  for (const path of ['fifo', 'none', 'etc/a']) expect(await namesInForeign({ root: tree, path }, 10)).toEqual([])
  for (const path of ['etc/a', 'fifo', 'circle', 'none', 'etc/none/x', 'etc/a/x', '']) await read(path)
  await read('etc/a', { owner: 23456 })
  await read('etc/a', { root: join(dir, 'nowhere') })
  expect(openFiles()).toEqual([])
})
