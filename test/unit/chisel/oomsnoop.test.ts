// oomsnoop: processes that ended by SIGKILL, with the reason as far as it is known.
import { expect, test } from 'vitest'
import { overRows } from '../../helpers/chisel.js'
import type { RowSpec } from '../../helpers/rows.js'
import { file, shell, thread } from '../state/world.js'

const S = 1e9
const cgroups = [`cpu=/docker/${'a'.repeat(64)}`]
const base = shell([file(3, '/dev/kmsg'), file(4, '/sys/fs/cgroup/shop/cgroup.kill')])
const victims = [201, 202, 203].map((tid) => thread(tid, { ptid: 100, vmRss: 2048 }))
const inside = [
  thread(301, { vtid: 1, vpid: 1, comm: 'tini', cgroups }),
  thread(302, { vtid: 7, vpid: 7, comm: 'app', cgroups }),
]
const oomd = thread(400, { comm: 'systemd-oomd' })
const snapshot = { ...base, threads: [...base.threads, ...victims, ...inside, oomd] }

const died = (tid: number, time: number, sig = 9): RowSpec => ({
  type: 'procexit',
  tid,
  time,
  params: { status: sig, ret: 0, sig, core: 0 },
})
const oom = (tid: number, time: number, limit?: string): RowSpec => ({
  type: 'oomkill',
  tid,
  time,
  params: {
    ...{ invoker: 100, total_vm: 9000, anon_rss: 4096, file_rss: 1024, shmem_rss: 0, swap: 0, pgtables: 80 },
    oom_score_adj: 500,
    ...(limit !== undefined && { limit }),
  },
})
const kill = (pid: number, time: number, tid = 100): RowSpec => ({
  type: 'kill',
  ret: 0,
  tid,
  time,
  params: { pid, sig: 9 },
})
const log = (text: string, time: number): RowSpec => ({
  type: 'read',
  ret: text.length,
  time,
  params: { fd: 3, size: 2047, data: text },
})
const LIMIT = (pid: number) =>
  `6,515,1,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/shop,task_memcg=/shop/a,task=p,pid=${pid},uid=0\n`
const KILLED = (pid: number, of = 'Memory cgroup o') =>
  `3,516,2,-;${of}ut of memory: Killed process ${pid} (a) b) total-vm:105828kB, anon-rss:30464kB, file-rss:0kB\n`

const shown = async (rows: RowSpec[]) => {
  const { lines } = await overRows('oomsnoop', rows, { snapshot })
  return lines.slice(1).map((l) => l.slice(9).replace(/ +/g, ' ').trim())
}

test('the log may be read before the process has ended, or after', async () => {
  expect(
    await shown([
      log(LIMIT(201), S),
      log(KILLED(201), S),
      died(201, 1.1 * S),
      died(202, 2 * S),
      log(KILLED(202, 'O'), 2.5 * S),
    ]),
  ).toEqual(['201 p201 2.00M kernel log, limit of /shop', '202 p202 2.00M kernel log'])
})

test('a SIGKILL without a sender is shown as such; other exits are not shown', async () => {
  const rows = [died(201, S), died(202, 2 * S, 15), kill(203, 3 * S), died(203, 3 * S)]
  expect(await shown(rows)).toEqual(['201 p201 2.00M no sender seen'])
  const seen = await overRows('oomsnoop', rows, { snapshot })
  expect(seen.values).toMatchObject([{ pid: 201, evidence: 'unsent', rss: 2 << 20 }])
})

test('a log entry that was read long before, as at the start of dmesg, belongs to another process', async () => {
  expect(await shown([log(KILLED(201), S), died(201, 8 * S)])).toEqual(['201 p201 2.00M no sender seen'])
})

test('daemons that kill processes to free memory are named; other senders to a group or cgroup are not', async () => {
  const whole: RowSpec = { type: 'write', ret: 1, time: 5 * S, params: { fd: 4, size: 1, data: '1' } }
  const rows = [kill(201, S, 400), died(201, S), kill(-90, 3 * S), died(202, 3 * S), whole, died(203, 5 * S)]
  expect(await shown(rows)).toEqual(['201 p201 2.00M systemd-oomd'])
})

test('processes that end with the first one of their container were not killed for memory', async () => {
  expect(await shown([died(301, S, 0), died(302, S)])).toEqual([])
})

test('invalid lines are not log entries', async () => {
  const rows = [log('Out of memory: Killed process 99999999999999999999 (x)', S), log('Killed process', S)]
  expect(await shown(rows)).toEqual([])
})

test('the event has the cgroup whose limit was reached, with or without a line of the log', async () => {
  const rows = [oom(201, S, '/shop'), died(201, 1.1 * S), oom(202, 2 * S, '/shop'), log(KILLED(202), 2.1 * S)]
  expect(await shown(rows)).toEqual([
    '201 p201 5.00M OOM killer, limit of /shop',
    '202 p202 5.00M OOM killer, limit of /shop',
  ])
  const { values } = await overRows('oomsnoop', rows, { snapshot })
  expect(values).toMatchObject([
    { pid: 201, cgroup: '/shop' },
    { pid: 202, cgroup: '/shop' },
  ])
})

test("the kernel's event reports the process once, with its memory, regardless of log and exit", async () => {
  const rows = [oom(201, S), died(201, 1.1 * S), oom(202, 2 * S), log(LIMIT(202), 2.1 * S), log(KILLED(202), 2.2 * S)]
  const { lines, values } = await overRows('oomsnoop', [...rows, died(202, 2.5 * S)], { snapshot })
  expect(lines.slice(1).map((l) => l.slice(9).replace(/ +/g, ' ').trim())).toEqual([
    '201 p201 5.00M OOM killer',
    '202 p202 5.00M OOM killer, limit of /shop',
  ])
  const memory = { rss: 5 << 20, anon: 4 << 20, invoker: 100, oom_score_adj: 500, evidence: 'event' }
  expect(values).toMatchObject([
    { pid: 201, comm: 'p201', ...memory },
    { pid: 202, ...memory, cgroup: '/shop' },
  ])
})
