// whatchanged: the overall change of each file.
import { expect, test } from 'vitest'
import { OPENED } from '../../../src/schema/abi.js'
import { overRows } from '../../helpers/chisel.js'
import type { RowSpec } from '../../helpers/rows.js'
import { file, shell, thread } from '../state/world.js'

const base = shell([file(3, '/etc/hosts'), file(4, '/dev/null'), file(5, '/srv/copy')])
const snapshot = { ...base, threads: [...base.threads, thread(200, { comm: 'other', fds: [file(3, '/etc/hosts')] })] }

const create = (name: string): RowSpec => ({
  type: 'openat',
  ret: 9,
  params: { dirfd: -100, name, flags: 0o101 | OPENED.CREATED, mode: 0o644 },
})
const write = (fd: number, ret: number, tid = 100): RowSpec => ({
  type: 'write',
  ret,
  tid,
  params: { fd, size: ret, data: 'x' },
})
const unlink = (path: string): RowSpec => ({ type: 'unlink', ret: 0, params: { path } })
const rename = (oldpath: string, newpath: string): RowSpec => ({ type: 'rename', ret: 0, params: { oldpath, newpath } })

const shown = async (rows: RowSpec[]) =>
  (await overRows('whatchanged', rows, { snapshot })).lines.slice(1).map((l) => l.replace(/ +/g, ' '))

test('files are shown as written, created, deleted, renamed or temporary', async () => {
  expect(
    await shown([
      write(3, 100),
      write(3, 20, 200),
      write(4, 5),
      create('/tmp/new'),
      write(9, 3000),
      create('/tmp/gone'),
      unlink('/tmp/gone'),
      unlink('/tmp/old'),
      rename('/srv/a', '/srv/b'),
      { type: 'mkdir', ret: 0, params: { path: '/srv/dir', mode: 0o755 } },
      { ...unlink('/tmp/kept'), ret: -13 },
    ]),
  ).toEqual([
    'written 120B sh,other host /etc/hosts',
    'renamed - sh host /srv/a -> /srv/b',
    'created - sh host /srv/dir',
    'temporary - sh host /tmp/gone',
    'created 2.93KB sh host /tmp/new',
    'deleted - sh host /tmp/old',
  ])
})

test('a file that is written under a temporary name and then renamed counts as created under its final name', async () => {
  const seen = await overRows('whatchanged', [create('/etc/x.tmp'), write(9, 7), rename('/etc/x.tmp', '/etc/x')], {
    snapshot,
  })
  expect(seen.values).toMatchObject([{ path: '/etc/x', from: '/etc/x.tmp', what: 'created', written: true, bytes: 7 }])
})

test('files move with their folder', async () => {
  const rows = [create('/srv/d/f'), rename('/srv/d', '/srv/e'), unlink('/srv/e/f')]
  expect(await shown(rows)).toEqual(['renamed - sh host /srv/d -> /srv/e', 'temporary - sh host /srv/e/f'])
})

test('a deleted file and a new file of the same name are two files', async () => {
  expect(await shown([unlink('/tmp/a'), create('/tmp/a')])).toEqual([
    'deleted - sh host /tmp/a',
    'created - sh host /tmp/a',
  ])
})

test('a copy within the kernel changes the target file', async () => {
  const copy: RowSpec = { type: 'copy_file_range', ret: 50, params: { fdin: 3, fdout: 5, len: 50 } }
  expect(await shown([copy])).toEqual(['written 50B sh host /srv/copy'])
})

test('a socket with a name in the file system is shown, an abstract one is not', async () => {
  const unix = (path: string) => Uint8Array.from([1, ...Buffer.from(`${path}\0`)])
  const bound = (fd: number, path: string): RowSpec[] => [
    { type: 'socket', ret: fd, params: { domain: 1, type: 1, proto: 0 } },
    { type: 'bind', ret: 0, params: { fd, addr: unix(path) } },
  ]
  expect(await shown([...bound(20, '/tmp/s'), ...bound(21, '@abstract')])).toEqual(['created - sh host /tmp/s'])
})

test('without changes only the titles are printed, and no JSON', async () => {
  const seen = await overRows('whatchanged', [{ type: 'getppid' }])
  expect([seen.lines.length, seen.values]).toEqual([1, []])
})
