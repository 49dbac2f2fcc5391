// filelife: files that are renamed, replaced, linked or exchanged, or whose folder is renamed.
import { expect, test } from 'vitest'
import { OPENED } from '../../../src/schema/abi.js'
import { overRows } from '../../helpers/chisel.js'
import type { RowSpec } from '../../helpers/rows.js'

const S = 1e9
const make = (name: string, time: number, tid = 100): RowSpec => ({
  type: 'openat',
  ret: 5,
  time,
  tid,
  params: { dirfd: -100, name, flags: 0o101 | OPENED.CREATED, mode: 0o644 },
})
const unlink = (path: string, time: number): RowSpec => ({ type: 'unlink', ret: 0, time, params: { path } })
const rename = (oldpath: string, newpath: string, time: number, flags = 0): RowSpec => ({
  type: 'renameat2',
  ret: 0,
  time,
  params: { olddirfd: -100, oldpath, newdirfd: -100, newpath, flags },
})
const lives = async (rows: RowSpec[]) =>
  (await overRows('filelife', rows)).values.map(({ path, age }) => [path, (age as number) / S])

test('a file is shown with its age, creator and deleter', async () => {
  const seen = await overRows('filelife', [make('/tmp/a', S), unlink('/tmp/a', 3.5 * S)])
  expect(seen.values).toMatchObject([
    { path: '/tmp/a', age: 2.5 * S, maker: { pid: 100, proc: 'sh' }, deleter: { pid: 100, proc: 'sh' } },
  ])
  expect(seen.lines[1]).toMatch(/ 2\.50s +sh 100 +- +\/tmp\/a$/)
})

test('files from before the capture and failed deletions are not shown', async () => {
  const failed = { ...unlink('/tmp/b', 3 * S), ret: -13 }
  expect(await lives([unlink('/etc/old', S), make('/tmp/b', 2 * S), failed])).toEqual([])
})

test('a file keeps its age when it or its folder is renamed; the replaced file ends', async () => {
  const rows = [
    make('/tmp/d/x', S),
    make('/tmp/other', 2 * S),
    rename('/tmp/d', '/tmp/e', 3 * S),
    rename('/tmp/e/x', '/tmp/other', 4 * S),
    unlink('/tmp/other', 6 * S),
  ]
  expect(await lives(rows)).toEqual([
    ['/tmp/other', 2],
    ['/tmp/other', 5],
  ])
})

test('exchanged names exchange their ages', async () => {
  const swap = rename('/tmp/a', '/etc/old', 2 * S, 2)
  expect(await lives([make('/tmp/a', S), swap, unlink('/tmp/a', 3 * S), unlink('/etc/old', 4 * S)])).toEqual([
    ['/etc/old', 3],
  ])
})

test('links, nodes and sockets are shown as files, folders are not shown', async () => {
  const rows: RowSpec[] = [
    { type: 'symlink', ret: 0, time: S, params: { target: 'x', linkpath: '/tmp/s' } },
    { type: 'mknod', ret: 0, time: S, params: { path: '/tmp/n', mode: 0o10644 } },
    { type: 'mkdir', ret: 0, time: S, params: { path: '/tmp/d', mode: 0o755 } },
    { type: 'unlinkat', ret: 0, time: 2 * S, params: { dirfd: -100, name: '/tmp/d', flags: 0x200 } },
    unlink('/tmp/s', 2 * S),
    unlink('/tmp/n', 3 * S),
  ]
  expect(await lives(rows)).toEqual([
    ['/tmp/s', 1],
    ['/tmp/n', 2],
  ])
})

test('control characters in names are escaped', async () => {
  const seen = await overRows('filelife', [make('/tmp/\u001b[31m', S), unlink('/tmp/\u001b[31m', 2 * S)])
  expect(seen.lines[1]).toContain('/tmp/\\x1b[31m')
})
