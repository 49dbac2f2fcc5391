// Events of cgroups that the kernel side counts instead of recording them.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { ROW } from '../../src/model/batch.js'
import { Event } from '../../src/model/event.js'
import { THROTTLE } from '../../src/schema/abi.js'
import { CODE } from '../../src/schema/codes.js'
import { EVENTS, LAYOUTS } from '../../src/schema/events/index.js'
import { LiveSource } from '../../src/source/live.js'
import { type CapturePlan, everything } from '../../src/source/plan.js'
import { Cgroup, unified } from '../helpers/cgroup.js'
import { privileged } from '../helpers/ksys.js'
import { compile, scratchDir } from '../helpers/live.js'

const TIMES = 200

/** A cgroup and its counts. */
class Counted extends Cgroup {
  readonly id: number

  constructor(name: string) {
    super(name)
    this.id = statSync(join(unified, name)).ino
  }

  /** Rows of the table for this cgroup: recorded and omitted ones of those that are shown, and of others. */
  in(source: LiveSource): number[][] {
    const numbers = [...source.ceilings()].slice(4)
    const rows = Array.from({ length: numbers.length / 5 }, (_, i) => numbers.slice(i * 5, i * 5 + 5))
    return rows.filter(([id]) => id === this.id).map((row) => row.slice(1))
  }
}

function capture(change: Partial<CapturePlan> = {}): LiveSource {
  return new LiveSource({ plan: { ...everything(process.pid), ceilings: { mostCalls: undefined }, ...change } })
}

/** Runs a program in a cgroup to its end; it first waits for a line. */
function inside(cgroup: Cgroup, file: string, ...args: string[]): ChildProcess {
  const child = spawn(file, args, { stdio: ['pipe', 'ignore', 'inherit'] })
  cgroup.enter(child.pid as number)
  return child
}

/** A program of `programs` in a cgroup that reports its start, and continues at a line. */
class Stepping {
  private readonly child: ChildProcess
  private output = ''

  constructor(cgroup: Cgroup, file: string, ...args: string[]) {
    this.child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    cgroup.enter(this.child.pid as number)
    this.child.stdout?.on('data', (more) => {
      this.output += String(more)
    })
  }

  get pid(): number {
    return this.child.pid as number
  }

  async says(word: string): Promise<void> {
    while (!this.output.includes(word)) await sleep(5)
  }

  goOn(): void {
    this.child.stdin?.write('\n')
  }

  async end(): Promise<void> {
    this.child.stdin?.end()
    await once(this.child, 'close')
  }
}

/** Has a process make calls in a cgroup, by the first of which it becomes known. */
async function run(cgroup: Cgroup): Promise<void> {
  const child = inside(cgroup, 'cat')
  child.stdin?.end('\n')
  await once(child, 'close')
}

/** The number of rows of this type that a process has, until the source has ended. */
async function rowsOf(source: LiveSource, pid: number, type: number): Promise<number> {
  let rows = 0
  for (let batch = await source.next(); batch !== undefined; batch = await source.next())
    for (let i = 0; i < batch.count; i++) if (batch.type[i] === type && batch.pid[i] === pid) rows++
  return rows
}

/** Events of a process and its descendants, until the source has ended. */
async function eventsOf(source: LiveSource, pid: number): Promise<number> {
  const event = new Event(EVENTS, LAYOUTS)
  const pids = new Set([pid])
  let events = 0
  for (let batch = await source.next(); batch !== undefined; batch = await source.next())
    for (let i = 0; i < batch.count; i++) {
      event.moveTo(batch, i)
      if (!pids.has(event.pid)) continue
      if (event.type === CODE.ks_fork) pids.add(event.number(1) as number)
      if ((event.flags & ROW.HIDDEN) === 0) events++
    }
  return events
}

describe.runIf(privileged())('a throttled cgroup', () => {
  const dir = scratchDir('throttle')

  test.each([false, true])(
    'has each event counted once that would be recorded (with enter events: %s)',
    async (enter) => {
      const forks = compile(dir, 'forks')
      const cgroup = new Counted(`ksys-forks-${process.pid}`)
      const sums: number[] = []
      for (const how of [THROTTLE.NONE, THROTTLE.ALL]) {
        const child = inside(cgroup, forks, String(TIMES))
        const source = capture({ enter })
        // the first call of one of its threads makes it known
        await run(cgroup)
        source.throttle(cgroup.id, how)
        const before = cgroup.in(source)[0]?.[1] as number
        const events = eventsOf(source, child.pid as number)
        child.stdin?.end('\n')
        await once(child, 'close')
        source.stop()
        const recorded = await events
        sums.push(how === THROTTLE.NONE ? recorded : (cgroup.in(source)[0]?.[1] as number) - before)
        if (how === THROTTLE.ALL) expect(recorded).toBe(0)
        await source.close()
      }
      cgroup.remove()
      expect(sums[0]).toBeGreaterThan(TIMES * 8)
      expect(sums[1]).toBe(sums[0])
    },
  )

  test('has as many events as its level allows, and each of the others counted', async () => {
    const forks = compile(dir, 'forks')
    const cgroup = new Counted(`ksys-level-${process.pid}`)
    const numbers: number[][] = []
    for (const level of [Number.POSITIVE_INFINITY, 100]) {
      const child = inside(cgroup, forks, String(TIMES))
      const source = capture()
      source.limit({ shown: level, others: level })
      const events = eventsOf(source, child.pid as number)
      child.stdin?.end('\n')
      await once(child, 'close')
      source.stop()
      await events
      numbers.push(cgroup.in(source)[0] as number[])
      await source.close()
    }
    cgroup.remove()
    const [[all = 0, none] = [], [recorded = 0, leftOut = 0] = []] = numbers
    expect(none).toBe(0)
    expect(recorded).toBeGreaterThan(0)
    expect(leftOut).toBeGreaterThan(0)
    // the few in addition to the test's own
    expect(Math.abs(recorded + leftOut - all)).toBeLessThan(20)
  })

  test('has a few events a second if its level is this low', async () => {
    const cgroup = new Counted(`ksys-low-${process.pid}`)
    const loop = inside(cgroup, compile(dir, 'loop'), '60', 'read')
    const source = capture()
    source.limit({ shown: 5, others: 5 })
    const events = eventsOf(source, loop.pid as number)
    loop.stdin?.end('\n')
    // more than are saved for a burst
    while ((cgroup.in(source)[0]?.[0] ?? 0) < 10) await sleep(100)
    const [[recorded = 0, leftOut = 0] = []] = cgroup.in(source)
    loop.kill('SIGKILL')
    await once(loop, 'close')
    source.stop()
    await events
    await source.close()
    cgroup.remove()
    expect(recorded).toBeLessThan(leftOut)
  })

  test.each([
    ['passed', true],
    ['passed-many', true],
    ['ioctl', true],
    ['plain', false],
  ])('has its descriptors read again if an omitted call created one: %s (%s)', async (what, brings) => {
    const cgroup = new Counted(`ksys-passed-${process.pid}`)
    const source = capture()
    const program = new Stepping(cgroup, compile(dir, 'passed'), what)
    const events = eventsOf(source, program.pid)
    await program.says('ready')
    await run(cgroup)
    source.throttle(cgroup.id, THROTTLE.ALL)
    source.ceilings() // what was missed up to here
    program.goOn()
    await program.says('done')
    const missed = source.ceilings()[3]
    await program.end()
    source.stop()
    await events
    await source.close()
    cgroup.remove()
    expect(missed).toBe(brings ? 1 : 0)
  })

  test('has the code that it maps recorded if stacks are recorded', async () => {
    const cgroup = new Counted(`ksys-code-${process.pid}`)
    const mapped: number[] = []
    for (const how of [THROTTLE.NONE, THROTTLE.ALL]) {
      const source = capture({ stacks: { user: true, kernel: false } })
      const program = new Stepping(cgroup, compile(dir, 'passed'), 'code')
      const rows = rowsOf(source, program.pid, CODE.ks_mmap)
      await program.says('ready')
      await run(cgroup)
      source.throttle(cgroup.id, how)
      program.goOn()
      await program.says('done')
      await program.end()
      source.stop()
      mapped.push(await rows)
      await source.close()
    }
    cgroup.remove()
    expect(mapped[0]).toBeGreaterThan(0)
    expect(mapped[1]).toBe(mapped[0])
  })

  test('retains its entry when that of another one, which was in its place, is released', async () => {
    // where the programs first look for an entry
    const place = (id: number) => Math.imul(id, 0x9e3779b1) >>> 20
    const first = new Counted(`ksys-first-${process.pid}`)
    let second = new Counted(`ksys-second-${process.pid}`)
    for (let i = 0; i < 100_000 && place(second.id) !== place(first.id); i++) {
      second.remove()
      second = new Counted(second.name)
    }
    expect(place(second.id)).toBe(place(first.id))
    const source = capture()
    const events = eventsOf(source, 0)
    await run(first)
    await run(second)
    source.throttle(second.id, THROTTLE.ALL)
    source.forgetCgroup(first.id)
    const [[recorded] = []] = second.in(source)
    await run(second)
    const rows = second.in(source)
    source.stop()
    await events
    await source.close()
    first.remove()
    second.remove()
    expect(rows).toHaveLength(1)
    expect(rows[0]?.[0]).toBe(recorded)
    expect(rows[0]?.[1]).toBeGreaterThan(0)
  })
})
