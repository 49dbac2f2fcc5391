// Calls that read from one descriptor and write to another count as a read from the first and a write to the second.
import { describe, expect, test } from 'vitest'
import { overRows } from '../../helpers/chisel.js'
import type { RowSpec } from '../../helpers/rows.js'
import { file, info, shell } from '../state/world.js'
import { shown } from '../table/table-of.js'

const snapshot = shell([
  file(3, '/data/innocent'),
  file(4, '/tmp/full/app.log'),
  { num: 5, type: 'pipe', name: '', dev: 1, ino: 7 },
  { num: 6, type: 'pipe', name: '', dev: 1, ino: 8 },
  {
    ...{ num: 7, type: 'ipv4', name: '', l4: 'tcp', connected: true },
    ...{ localIp: '10.0.0.5', localPort: 80, remoteIp: '10.9.9.9', remotePort: 4000 },
  },
])

const PARAMS: Record<string, (from: number, to: number) => RowSpec['params']> = {
  copy_file_range: (fdin, fdout) => ({ fdin, fdout, len: 1000 }),
  sendfile: (in_fd, out_fd) => ({ in_fd, out_fd, size: 1000 }),
  splice: (fd_in, fd_out) => ({ fd_in, fd_out, size: 1000 }),
  tee: (fdin, fdout) => ({ fdin, fdout, len: 1000 }),
}
const copy = (type: string, from: number, to: number, ret = 100): RowSpec => ({
  ...{ type, ret, time: 5000, latency: 1000 },
  params: PARAMS[type]?.(from, to),
})

const rows = async (chisel: string, given: RowSpec[], words: string[] = []) =>
  (await overRows(chisel, given, { snapshot, words })).lines
    .filter((l, i) => i > 0 && !l.startsWith('---'))
    .map((l) => l.trim().replace(/ +/g, ' '))

describe.each(['copy_file_range', 'sendfile', 'splice'])('%s from a file to a file', (name) => {
  const copied = [copy(name, 3, 4)]

  test('the bytes count for both files', async () => {
    expect((await rows('topfiles_bytes', copied)).sort()).toEqual(['100B /data/innocent', '100B /tmp/full/app.log'])
    expect((await rows('fdbytes_by', copied, ['fd.num'])).sort()).toEqual(['100B 3', '100B 4'])
  })

  test('one file is written and the other is read', async () => {
    const by = async (key: string) => (await rows('fdbytes_by', copied, [key])).sort()
    expect(await by('evt.io_dir')).toEqual(['100B read', '100B write'])
  })

  test('the process has read and written the bytes, in one call', async () => {
    expect((await rows('topprocs_file', copied))[0]).toMatch(/^200B sh/)
    expect(await rows('topscalls', copied)).toEqual([`1 ${name}`])
  })
})

test('a file sent to a socket counts for the file and for the connection', async () => {
  const sent = [copy('sendfile', 3, 7)]
  expect((await rows('topconns', sent))[0]).toMatch(/^100B \S+ 10\.0\.0\.5:80->10\.9\.9\.9:4000$/)
  expect((await rows('topprocs_net', sent))[0]).toMatch(/^100B sh/)
  expect((await rows('topprocs_file', sent))[0]).toMatch(/^100B sh/)
  expect(await rows('topfiles_bytes', sent)).toEqual(['100B /data/innocent'])
})

test('a table counts the calls of a process once, and the bytes in each direction', () => {
  const call = { ...copy('tee', 5, 6), tid: 100, pid: 100 }
  const table = (key: string) => ({
    keys: [key],
    columns: [
      { field: 'evt.count', title: 'CALLS', agg: 'sum' as const },
      { field: 'evt.buflen.in', title: 'IN', agg: 'sum' as const },
      { field: 'evt.buflen.out', title: 'OUT', agg: 'sum' as const },
    ],
  })
  expect(shown(table('evt.type'), [call])).toEqual([['tee', 1, 100, 100]])
})

test('iobytes counts them as in and out; JSON has its time as ns since the epoch, as that of other chisels has', async () => {
  const { values } = await overRows('iobytes', [copy('splice', 5, 6)], { snapshot })
  expect(values).toMatchObject([{ in: 100, out: 100 }])
  expect(Math.floor(Number(values[0]?.time) / 1e9)).toBe(info.startSec)
})

test('spy_file shows the read from the first file and the write to the second', async () => {
  const all = await overRows('spy_file', [copy('copy_file_range', 3, 4)], { snapshot })
  const lines = all.lines.join('\n')
  expect(lines).toMatch(/innocent/)
  expect(lines).toMatch(/app\.log/)
})
