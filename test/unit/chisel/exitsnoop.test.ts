// exitsnoop: codes, signals and core dumps; processes and threads.

import { expect, test } from 'vitest'
import { bootNs } from '../../../src/model/time.js'
import { overRows } from '../../helpers/chisel.js'
import type { RowSpec } from '../../helpers/rows.js'
import { shell, thread } from '../state/world.js'

const S = 1e9
const exit = (tid: number, params: Record<string, number>, pid = tid): RowSpec => ({
  type: 'procexit',
  tid,
  pid,
  time: S,
  params: { status: 0, ret: 0, sig: 0, core: 0, ...params },
})
const base = shell()
const snapshot = {
  ...base,
  threads: [
    ...base.threads,
    ...[201, 202, 203, 204].map((tid) => thread(tid, { ptid: 100, startBoot: bootNs(999_000_000_000) })),
    thread(205, { pid: 100, comm: 'worker' }),
  ],
}

test('each process is shown with the reason for its end and its lifetime', async () => {
  const rows = [
    exit(201, {}),
    exit(202, { ret: 3 }),
    exit(203, { sig: 9 }),
    exit(204, { sig: 11, core: 1 }),
    exit(205, { ret: 1 }, 100),
  ]
  const seen = await overRows('exitsnoop', rows, { snapshot })
  expect(seen.lines.slice(1).map((l) => l.slice(9).replace(/ +/g, ' '))).toEqual([
    '201 100 p201 2.00s code 0',
    '202 100 p202 2.00s code 3',
    '203 100 p203 2.00s SIGKILL',
    '204 100 p204 2.00s SIGSEGV, core dumped',
  ])
  expect(seen.values[0]).toMatchObject({ pid: 201, parent: 'sh', code: 0, duration: 2 * S })
  expect(seen.values[3]).toMatchObject({ signal: 'SIGSEGV', core: true })
  expect(seen.values[3]).not.toHaveProperty('code')
  const all = await overRows('exitsnoop', rows, { snapshot, words: ['threads'] })
  expect(all.values.map((v) => [v.tid, v.pid, v.main])).toContainEqual([205, 100, false])
})
