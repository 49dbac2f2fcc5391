// killsnoop: the targets of signals, also in a container, and the results.
import { expect, test } from 'vitest'
import { overRows } from '../../helpers/chisel.js'
import type { RowSpec } from '../../helpers/rows.js'
import { shell, thread } from '../state/world.js'

const base = shell()
const cgroups = [`cpu=/docker/${'a'.repeat(64)}`]
const inside = (tid: number, vtid: number, comm: string) =>
  thread(tid, { vtid, vpid: vtid, comm, cgroups, pgid: tid, vpgid: vtid })
const snapshot = {
  ...base,
  threads: [...base.threads, thread(300, { comm: 'victim' }), inside(400, 1, 'tini'), inside(401, 300, 'app')],
}
const kill = (pid: number, sig: number, ret = 0, tid = 100): RowSpec => ({
  type: 'kill',
  ret,
  tid,
  params: { pid, sig },
})
const shown = async (rows: RowSpec[]) =>
  (await overRows('killsnoop', rows, { snapshot })).lines.slice(1).map((l) => l.slice(9).replace(/ +/g, ' ').trim())

test('a signal may be for a process, a thread, a group, or all processes', async () => {
  expect(
    await shown([
      kill(300, 15),
      kill(99, 9, -3),
      kill(300, 0, -1),
      kill(0, 1),
      kill(-7, 2),
      kill(-1, 9),
      { type: 'tgkill', ret: 0, params: { pid: 300, tid: 300, sig: 6 } },
      { type: 'rt_sigqueueinfo', ret: 0, params: { pid: 300, sig: 34 } },
      kill(300, 65, -22),
    ]),
  ).toEqual([
    '100 sh SIGTERM ok 300 victim',
    '100 sh SIGKILL ESRCH 99',
    '100 sh 0 EPERM 300 victim',
    '100 sh SIGHUP ok its own group',
    '100 sh SIGINT ok group 7',
    '100 sh SIGKILL ok all processes',
    '100 sh SIGABRT ok thread 300 victim',
    '100 sh SIGRTMIN ok 300 victim',
    '100 sh 65 EINVAL 300 victim',
  ])
})

test('in a container the process id is that of its pid namespace', async () => {
  expect(await shown([kill(300, 15, 0, 400)])).toEqual(['400 tini SIGTERM ok 300 app'])
})

test('the target of a pidfd is the process for which it was opened', async () => {
  const send: RowSpec = { type: 'pidfd_send_signal', ret: 0, params: { pidfd: 5, sig: 9 } }
  const open: RowSpec = { type: 'pidfd_open', ret: 5, params: { pid: 300, flags: 0 } }
  expect(await shown([send, open, send])).toEqual(['100 sh SIGKILL ok pidfd 5', '100 sh SIGKILL ok 300 victim'])
  const seen = await overRows('killsnoop', [open, send], { snapshot })
  expect(seen.values).toMatchObject([
    {
      call: 'pidfd_send_signal',
      signal: 'SIGKILL',
      signo: 9,
      target: { kind: 'process', number: 300, name: 'victim' },
    },
  ])
})

test('SIGURG from a program to its own threads is counted only, unless all signals are requested', async () => {
  const urg = (pid: number, tid: number, more: Partial<RowSpec> = {}): RowSpec => ({
    type: 'tgkill',
    ret: 0,
    params: { pid, tid: pid, sig: 23 },
    tid,
    ...more,
  })
  // the ids are those of the pid namespace of the sender
  const rows = [urg(100, 100), urg(1, 400), urg(300, 100), kill(100, 23), kill(300, 15)]
  const seen = await overRows('killsnoop', rows, { snapshot })
  expect(seen.lines.slice(1).map((l) => l.slice(9).replace(/ +/g, ' ').trim())).toEqual([
    '100 sh SIGURG ok thread 300 victim',
    '100 sh SIGURG ok 100 sh',
    '100 sh SIGTERM ok 300 victim',
  ])
  expect(seen.messages).toEqual([
    '2 SIGURG from programs to their own threads not shown (preemption in Go): -c killsnoop all shows them',
  ])
  const all = await overRows('killsnoop', rows, { snapshot, words: ['all'] })
  expect([all.lines.length, all.messages]).toEqual([6, []])
})
