// The view of ancestors: the selected process and all above it, also of a process that has exited.
import { expect, test } from 'vitest'
import ancestors from '../../../src/views/ancestors.js'
import type { RowSpec } from '../../helpers/rows.js'
import { shell, thread, World } from '../state/world.js'
import { rowsOf } from './rows-of.js'

const PTS_3 = (136 << 8) | 3
const world = () => {
  const { threads, ...rest } = shell()
  const child = thread(200, { ptid: 100, comm: 'make', tty: PTS_3 })
  return new World({ ...rest, threads: [...threads, child, thread(300, { comm: 'other' })] })
}
const chain = (rows: readonly RowSpec[], filter: string) =>
  rowsOf(ancestors, world(), rows, filter).map((r) => [r.LEVEL, r.PID, r.TTY ?? ''])

test('an idle process is listed with its ancestors, the selected one first, and no other process', () => {
  expect(chain([], 'proc.pid=200')).toEqual([
    [2, 200, 'pts/3'],
    [1, 100, '0:5'],
    [0, 1, '0:5'],
  ])
})

test('a process that ended before the first sample is listed with its program and its ancestors', () => {
  const clone = { type: 'clone', params: { flags: 0 } }
  const made: RowSpec[] = [
    { ...clone, tid: 200, pid: 200, ret: 400 },
    { ...clone, tid: 400, pid: 400, ret: 0 },
    { type: 'getppid', tid: 400, pid: 400, ret: 200 },
    { type: 'procexit', tid: 400, pid: 400 },
    { type: 'getppid', tid: 300, pid: 300, ret: 1 },
  ]
  expect(chain(made, 'proc.pid=400').map(([, pid]) => pid)).toEqual([400, 200, 100, 1])
})
