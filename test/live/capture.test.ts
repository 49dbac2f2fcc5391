// The live source itself: what the kernel side records, the order and number of rows, and the reporting of losses.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EventBatch, ROW } from '../../src/model/batch.js'
import { Event } from '../../src/model/event.js'
import { EVENTS, LAYOUTS } from '../../src/schema/events/index.js'
import { LiveSource } from '../../src/source/live.js'
import { type CapturePlan, everything, VERDICT } from '../../src/source/plan.js'
import { captureNow } from '../../src/source/source.js'
import { spawnStopped } from '../../src/source/spawn.js'
import { ksys, privileged, root } from '../helpers/ksys.js'

const dir = mkdtempSync(join(tmpdir(), 'ksys-capture-'))
const exe = join(dir, 'capture')
afterAll(() => rmSync(dir, { recursive: true, force: true }))
beforeAll(() => {
  execFileSync('cc', ['-O1', '-pthread', '-o', exe, join(root, 'test/live/programs/capture.c')], { stdio: 'pipe' })
})

interface Row {
  num: number
  time: number
  latency: number | undefined
  ret: number
  tid: number
  pid: number
  name: string
  flags: number
  args: Record<string, number | string | undefined>
}

/** Runs the program under a capture of it and its descendants; returns every row. */
async function record(args: string[], change: Partial<CapturePlan> = {}, bufferBytes?: number, reading = true) {
  const child = spawnStopped(exe, args)
  const plan = { ...everything(process.pid), rootPid: child.pid, ...change }
  const source = new LiveSource({ plan, ...(bufferBytes === undefined ? {} : { bufferBytes }) })
  const rows: Row[] = []
  const e = new Event(EVENTS, LAYOUTS)
  try {
    child.resume()
    const over = child.exit.then((end) => {
      source.stop()
      return end
    })
    if (!reading) await over
    for (let b = await source.next(); b !== undefined; b = await source.next())
      for (let i = 0; i < b.count; i++) {
        e.moveTo(b, i)
        rows.push(rowOf(e))
      }
    return { rows, end: await over, stats: source.stats(), child: child.pid }
  } finally {
    await source.close()
  }
}

function rowOf(e: Event): Row {
  const args: Row['args'] = {}
  e.def.params.forEach((p, i) => {
    if (e.has(i)) args[p.name] = e.number(i) ?? e.text(i)
  })
  const { num, time, latency, ret, tid, pid, flags } = e
  return { num, time, latency, ret, tid, pid, name: e.def.name, flags, args }
}

describe.runIf(privileged())('a live capture of a program', () => {
  let run: Awaited<ReturnType<typeof record>>
  const named = (name: string) => run.rows.filter((r) => r.name === name)
  beforeAll(async () => {
    run = await record([])
  })

  test('ends when the program ends, with its exit code', () => {
    expect(run.end).toEqual({ code: 7, signal: undefined })
    expect(run.stats.lost).toBe(0)
  })

  test('open, read and close have path, device, data and descriptor', () => {
    const at = run.rows.findIndex((r) => r.name === 'openat' && r.args.name === '/etc/passwd')
    const open = run.rows[at] as Row
    expect(open.ret).toBeGreaterThanOrEqual(3)
    expect(open.args).toMatchObject({ fd: open.ret, dirfd: -100 })
    expect(open.args.ino).toBeGreaterThan(0)
    const own = run.rows.slice(at).filter((r) => r.tid === open.tid)
    expect(own.find((r) => r.name === 'read')).toMatchObject({ ret: 5, args: { data: 'root:', size: 5, fd: open.ret } })
    expect(own.find((r) => r.name === 'close')).toMatchObject({ ret: 0, args: { fd: open.ret } })
  })

  test('a path too long to be stored at enter is read at exit, completely, and marked', () => {
    const open = named('openat').find((r) => String(r.args.name).startsWith('/xxx')) as Row
    expect(open.ret).toBe(-36)
    expect(String(open.args.name)).toHaveLength(399)
    expect(open.flags & ROW.REREAD).toBe(ROW.REREAD)
  })

  test('latency is the duration of the call', () => {
    const sleep = run.rows.find((r) => /nanosleep/.test(r.name)) as Row
    expect(sleep.latency).toBeGreaterThanOrEqual(30_000_000)
    for (const r of named('getppid')) expect(r.latency).toBeLessThan(30_000_000)
  })

  test('a thread is recorded with what it shares before its first call', () => {
    const born = named('ks_fork').find((r) => ((r.args.shared as number) & 8) !== 0) as Row
    expect(born.args).toMatchObject({ pid: run.child, shared: 15 })
    const first = run.rows.findIndex((r) => r.tid === born.args.tid)
    expect(run.rows.indexOf(born)).toBeLessThan(first)
    expect(run.rows.some((r) => r.tid === born.args.tid && r.name === 'getppid')).toBe(true)
  })

  test('a child has no record of the clone that created it, its parent has one', () => {
    const born = named('ks_fork').find((r) => r.args.shared === 0) as Row
    const clones = run.rows.filter((r) => /^(clone3?|v?fork)$/.test(r.name))
    expect(clones.filter((r) => r.tid === born.args.tid)).toEqual([])
    expect(clones.find((r) => r.ret === born.args.tid)?.tid).toBe(run.child)
  })

  test('an exec records program, arguments, directory and ids', () => {
    const exec = named('execve').find((r) => r.args.exe === 'true') as Row
    expect(exec).toMatchObject({ ret: 0, args: { args: 'one\0two words\0', comm: 'true', filename: '/bin/true' } })
    expect(exec.args).toMatchObject({ tid: exec.tid, pid: exec.pid, ptid: run.child, uid: process.getuid?.() })
    expect(String(exec.args.cwd)).toBe(process.cwd())
    expect(String(exec.args.trusted_exepath)).toMatch(/\/(true|coreutils|busybox)$/)
  })

  test('the end of a process has its status', () => {
    expect(named('procexit').find((r) => r.tid === run.child)?.args).toMatchObject({ ret: 7, sig: 0, status: 7 << 8 })
    expect(named('exit_group').at(-1)).toMatchObject({ latency: undefined })
  })

  test('a passed descriptor and a new directory are recorded immediately before the calls that delivered them', () => {
    const fd = named('ks_fd').find((row) => row.args.path === '/etc/hostname') as Row
    expect(run.rows[run.rows.indexOf(fd) + 1]?.name).toBe('recvmsg')
    const cwd = named('ks_cwd')[0] as Row
    expect(cwd.args).toMatchObject({ cwd: '/usr/bin', root: '/' })
    expect(run.rows[run.rows.indexOf(cwd) + 1]).toMatchObject({ name: 'chdir', args: { path: '/usr/bin' } })
  })

  test('shown and hidden events are numbered without a gap, internal events not at all', () => {
    const nums = run.rows.map((r) => r.num).filter((n) => n > 0)
    expect(nums).toEqual(nums.map((_, i) => i + 1))
    expect(run.rows.filter((r) => r.num === 0).every((r) => r.name.startsWith('ks_'))).toBe(true)
  })

  test('time never goes backwards, except for records that are marked late', () => {
    let last = Number.NEGATIVE_INFINITY
    for (const r of run.rows) {
      if ((r.flags & ROW.LATE) === 0) expect(r.time).toBeGreaterThanOrEqual(last)
      last = Math.max(last, r.time)
    }
  })
})

describe.runIf(privileged())('a capture plan', () => {
  test('by name refuses everything else, except what maintains the state, hidden and without data', async () => {
    const verdicts = new Uint8Array(512).fill(VERDICT.SLOT)
    const { rows } = await record([], { verdicts, slots: [{ comm: { values: ['renamed'], not: false } }] })
    const shown = rows.filter((r) => (r.flags & ROW.HIDDEN) === 0 && r.name !== 'procexit')
    expect(shown.map((r) => r.name)).toContain('getppid')
    expect(shown.some((r) => r.name === 'read')).toBe(false)
    const hidden = rows.filter((r) => (r.flags & ROW.HIDDEN) !== 0)
    expect(hidden.every((r) => (r.flags & ROW.STATE) !== 0 && r.args.data === undefined)).toBe(true)
    expect(hidden.some((r) => r.name === 'openat' && r.args.name === '/etc/passwd')).toBe(true)
    expect(hidden.some((r) => r.name === 'ks_fd')).toBe(true)
    expect(hidden.some((r) => r.name === 'openat' && r.ret < 0)).toBe(false)
  })

  test('records the descriptors of a process that does not match once it does', async () => {
    const verdicts = new Uint8Array(512).fill(VERDICT.SLOT)
    const slots = [{ comm: { values: ['renamed'], not: false } }]
    const { rows } = await record([], { verdicts, slots, followAll: false })
    expect(rows.some((r) => r.name === 'openat')).toBe(false)
    const began = rows.findIndex((r) => r.name === 'ks_fds')
    const recorded = rows.filter((r) => r.name === 'ks_fd')
    expect(began).toBeGreaterThanOrEqual(0)
    expect(recorded.some((r) => r.args.path === '/etc/hostname')).toBe(true)
    expect(recorded.every((r) => r.time === rows[began]?.time)).toBe(true)
  })

  test('gives no latency to a call whose start was not captured, whatever an earlier call left', async () => {
    const verdicts = new Uint8Array(512).fill(VERDICT.SLOT)
    const slots = [{ comm: { values: ['ks-awake'], not: false } }]
    const { rows } = await record(['blocked'], { verdicts, slots, followAll: false })
    const reads = rows.filter((r) => r.name === 'read')
    expect(reads.map((r) => [r.ret, r.latency])).toEqual([[2, undefined]])
  })

  test('retains the address of a refused connection in a filtered file with enter and exit', () => {
    const file = join(dir, 'refused.ksys')
    expect(ksys(['--enter', '-w', file, 'evt.type=connect and evt.dir=<', '--', exe, 'refused']).code).toBe(0)
    const { stdout } = ksys(['-r', file, '-p', '%evt.dir %evt.failed %fd.name', 'evt.failed=true'])
    expect(stdout).toBe('< true 0.0.0.0:0->127.0.0.1:1\n')
  })

  test('may record failed calls only', async () => {
    const verdicts = new Uint8Array(512).fill(VERDICT.SLOT)
    const { rows } = await record([], { verdicts, slots: [{ failed: true }] })
    const calls = rows.filter(
      (r) => (r.flags & ROW.HIDDEN) === 0 && r.name !== 'procexit' && r.name !== 'signaldeliver',
    )
    expect(calls.length).toBeGreaterThan(0)
    expect(calls.filter((r) => r.ret >= 0 && !/^exit/.test(r.name))).toEqual([])
  })

  test('may record enter events, which precede their exits and have the arguments', async () => {
    const { rows } = await record([], { enter: true })
    const enter = rows.findIndex((r) => r.name === 'read' && (r.flags & ROW.ENTER) !== 0 && r.args.size === 5)
    const exit = rows.findIndex((r) => r.name === 'read' && (r.flags & ROW.ENTER) === 0 && r.args.size === 5)
    expect(enter).toBeGreaterThanOrEqual(0)
    expect(exit).toBeGreaterThan(enter)
    expect(rows[enter]?.args).toEqual({ fd: rows[exit]?.args.fd, size: 5 })
  })

  test('records switches and page faults only on request', async () => {
    const { rows } = await record([], { switches: VERDICT.PASS, pageFaults: VERDICT.PASS })
    const names = new Set(rows.map((r) => r.name))
    expect(names.has('switch')).toBe(true)
    expect(names.has('page_fault')).toBe(true)
  })
})

describe.runIf(privileged())('a capture with many calls', () => {
  test('a million calls are recorded without loss', async () => {
    const { rows, stats } = await record(['loop', '1000000'])
    expect(stats.lost).toBe(0)
    expect(rows.filter((r) => r.name === 'getppid')).toHaveLength(1_000_000)
  })

  test('each of many threads has its own calls, with their start times, while other threads exit', async () => {
    const count = 4000
    const { rows, end, child } = await record(['sleepers', String(count)], { rootPid: 0 })
    expect(end.code).toBe(0)
    const pid = child
    const sleeps = rows.filter((r) => r.pid === pid && /nanosleep$/.test(r.name))
    expect(sleeps).toHaveLength(count)
    expect(sleeps.filter((r) => !((r.latency ?? 0) >= 500_000_000))).toEqual([])
    const calls = rows.filter((r) => r.pid === pid && r.name === 'gettid')
    expect(calls).toHaveLength(count)
    expect(calls.filter((r) => r.ret !== r.tid)).toEqual([])
  })

  test('rows that do not fit into the rings are counted, and reported by drop events', async () => {
    const { rows, stats } = await record(['loop', '1000000'], {}, 1, false)
    const got = rows.filter((r) => r.name === 'getppid').length
    const drops = rows.filter((r) => r.name === 'drop')
    expect(stats.lost).toBeGreaterThan(0)
    expect(drops.reduce((n, r) => n + (r.args.lost as number), 0)).toBe(stats.lost)
    expect(got).toBeLessThan(1_000_000)
    expect(got + stats.lost).toBeGreaterThanOrEqual(1_000_000)
  })
})

test.runIf(privileged())('the snapshot has this process and its descriptors', async () => {
  const source = new LiveSource({ plan: everything(0) })
  try {
    const { threads: records, users } = await source.snapshot()
    const threads = [...records]
    const me = threads.find((t) => t.tid === process.pid)
    expect(me).toMatchObject({ pid: process.pid, ptid: process.ppid, exepath: process.execPath, cwd: process.cwd() })
    expect(me?.env).toContain(`PATH=${process.env.PATH}`)
    expect([...(me?.fds ?? [])].some((f) => f.type === 'eventpoll')).toBe(true)
    expect(threads.filter((t) => t.pid === process.pid).length).toBeGreaterThan(1)
    expect(users.find((u) => u.uid === 0)?.name).toBe('root')
  } finally {
    source.stop()
    await source.close()
  }
})

test.runIf(privileged())(
  'on an idle machine time advances, and a delayed process catches up with the next batches',
  async () => {
    const NOBODY = 2 ** 30
    const source = new LiveSource({ plan: { ...everything(process.pid), rootPid: NOBODY } })
    try {
      await source.snapshot()
      await source.next()
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000)
      const now = captureNow(source.info)
      let reached = 0
      for (let batches = 0; batches < 6 && reached < now; batches++) {
        const { count, time } = (await source.next()) as EventBatch
        reached = time[Math.max(0, count - 1)] as number
        expect(reached).toBeLessThanOrEqual(captureNow(source.info))
      }
      expect(reached).toBeGreaterThanOrEqual(now)
    } finally {
      source.stop()
      await source.close()
    }
  },
)

test.runIf(privileged())('a command that does not exist is reported with a clear error', () => {
  const child = spawnStopped('/nonexistent/command', [])
  expect(() => child.resume()).toThrow('cannot run /nonexistent/command: there is no such command')
})
