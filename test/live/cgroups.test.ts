// Cgroups in a live capture: created, entered, removed; and what the kernel omits because of them.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, rmdirSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { registry } from '../../src/fields/index.js'
import { cgroupMarks, checkFilter, planFilter } from '../../src/filter/index.js'
import { ROW } from '../../src/model/batch.js'
import { Event } from '../../src/model/event.js'
import { hostArch } from '../../src/schema/arch.js'
import { EVENTS, LAYOUTS } from '../../src/schema/events/index.js'
import { cgroupTree, everyCgroup } from '../../src/source/cgroups.js'
import { LiveSource } from '../../src/source/live.js'
import { type CapturePlan, everything } from '../../src/source/plan.js'
import { State } from '../../src/state/state.js'
import { Cgroup, unified } from '../helpers/cgroup.js'
import { privileged } from '../helpers/ksys.js'

const FORMAT = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 } as const

/** A shell that waits before it runs its script. */
class Shell {
  private readonly child: ChildProcess
  private readonly ended: Promise<void>
  readonly pid: number
  constructor(script: string) {
    this.child = spawn('sh', ['-c', `read go; ${script}`], { stdio: ['pipe', 'ignore', 'inherit'] })
    this.ended = new Promise((done) => this.child.once('close', () => done()))
    this.pid = this.child.pid as number
  }
  /** Has it run its script, unless it has already; fulfilled at its end. */
  run(): Promise<void> {
    if (this.child.stdin?.writableEnded === false) this.child.stdin.end('\n')
    return this.ended
  }
}

/** A shell that runs lines one by one. */
class Obedient {
  private readonly child = spawn('sh', ['-c', 'while read -r line; do eval "$line"; echo; done'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  readonly pid = this.child.pid as number
  async does(line: string): Promise<void> {
    const done = new Promise<void>((ok) => this.child.stdout.once('data', () => ok()))
    this.child.stdin.write(`${line}\n`)
    await done
  }
  async end(): Promise<void> {
    const ended = new Promise<void>((done) => this.child.once('close', () => done()))
    this.child.stdin.end()
    if (this.child.exitCode === null) await ended
  }
}

/** Whether all cgroups of that path, one in each hierarchy that the plan distinguishes, are among these. */
function allOf(path: string, { slots }: CapturePlan, made: ReadonlySet<number>): () => boolean {
  const cgroups = slots.some((s) => s.container !== undefined) ? everyCgroup() : cgroupTree()
  const keys = [...cgroups].filter(([, at]) => at === path).map(([key]) => key)
  return () => keys.every((key) => made.has(key))
}

/** A capture with its state; `row` gets every relevant row. */
class Watched {
  readonly source: LiveSource
  readonly state: State
  private readonly e = new Event(EVENTS, LAYOUTS)

  constructor(
    plan: CapturePlan,
    private readonly row: (e: Event) => void,
  ) {
    this.source = new LiveSource({ plan })
    this.state = new State(this.source.info)
  }

  /** Reads until a condition is true, or to the end. */
  async until(done: () => boolean): Promise<void> {
    while (!done()) {
      const batch = await this.source.next()
      if (batch === undefined) return
      for (let i = 0; i < batch.count; i++) {
        this.e.moveTo(batch, i)
        this.state.apply(this.e)
        this.row(this.e)
      }
    }
  }
}

test.runIf(privileged())('a cgroup whose name is not UTF-8 is recorded with all of its bytes', () => {
  const dir = Buffer.from(`${unified}/ksys-\xff-${process.pid}`, 'latin1')
  mkdirSync(dir)
  try {
    expect(cgroupTree().get(statSync(dir).ino)).toBe(`/ksys-\udcff-${process.pid}`)
  } finally {
    rmdirSync(dir)
  }
})

describe.runIf(privileged())('a live capture', () => {
  test('records the number of a new cgroup, and processes that move to it', async () => {
    const name = `ksys-test-${process.pid}`
    const rows: unknown[][] = []
    const shell = new Shell('kill -0 $$')
    let place = ''
    const w = new Watched(everything(process.pid), (e) => {
      if (e.def.name === 'ks_cgroup' && e.text(2)?.includes(name)) rows.push([e.number(0), e.number(1), e.text(2)])
      if (e.def.name === 'kill' && e.pid === shell.pid) place = e.thread?.cgroups.join(' ') ?? ''
    })
    let cgroup: Cgroup | undefined
    try {
      w.state.load(await w.source.snapshot())
      cgroup = new Cgroup(name)
      const id = [...cgroupTree()].find(([, path]) => path === `/${name}`)?.[0]
      expect(id).toBeGreaterThan(0)
      cgroup.enter(shell.pid)
      await shell.run()
      cgroup.remove()
      w.source.stop()
      await w.until(() => false)
      expect(rows).toEqual([
        [id, 0, `/${name}`],
        [id, 1, `/${name}`],
      ])
      expect(place).toContain(`memory=/${name}`)
    } finally {
      cgroup?.remove()
      await w.source.close()
    }
  })

  const ID = `c0ffee${process.pid.toString(16).padStart(6, '0')}`.padEnd(64, '0')
  const SHORT = ID.slice(0, 12)
  test.each([
    [`container.id=${SHORT}`, ['inside']],
    ['container.id!=host', ['inside']],
    ['container.id=host', ['outside']],
    [`not container.id=${SHORT}`, ['outside']],
    ['(container.id=none or container.id=host)', ['outside']],
    ['container.id in (none, other)', []],
    ['container.name=web', ['inside']],
    ['(container.name=web or proc.name=nosuch)', ['inside', 'outside']],
  ])('for %s records nothing of other containers', async (text, expected) => {
    const filter = checkFilter(`${text} and evt.type=kill`, registry)
    const plan = planFilter(filter, registry, {
      arch: hostArch() ?? 'x64',
      output: [],
      snaplen: 0,
      selfPid: process.pid,
    })
    const inside = new Shell('kill -0 $$')
    const outside = new Shell('kill -0 $$')
    const made = new Set<number>()
    const recorded = new Set<string>()
    const w = new Watched(plan, (e) => {
      if (e.def.name === 'ks_cgroup' && e.number(1) === 0) made.add(e.number(0) ?? 0)
      if (e.def.name !== 'kill' || (e.flags & ROW.HIDDEN) !== 0) return
      if (e.pid === inside.pid) recorded.add('inside')
      if (e.pid === outside.pid) recorded.add('outside')
    })
    let cgroup: Cgroup | undefined
    const host = new Cgroup(`ksys-host-${process.pid}`)
    try {
      host.enter(outside.pid)
      w.state.load(await w.source.snapshot())
      let refused = false
      w.state.watcher = cgroupMarks(
        plan,
        filter,
        { info: w.source.info, states: [w.state], format: FORMAT },
        w.state.containers,
        {
          markCgroup: (id, marks) => {
            refused = !w.source.markCgroup(id, marks) || refused
          },
        },
        undefined,
      )
      cgroup = new Cgroup(ID)
      await w.until(allOf(`/${ID}`, plan, made))
      cgroup.enter(inside.pid)
      await Promise.all([inside.run(), outside.run()])
      cgroup.remove()
      w.source.stop()
      await w.until(() => false)
      // more is recorded if cgroups of other tests have the entries of these
      expect([...recorded].sort()).toEqual(refused ? expect.arrayContaining(expected) : expected)
    } finally {
      await Promise.all([inside.run(), outside.run()])
      cgroup?.remove()
      host.remove()
      await w.source.close()
    }
  })

  test('follows descriptors in matching containers, and knows those of a process that enters one or matches later', async () => {
    const filter = checkFilter('container.name=web and evt.type=kill', registry)
    const plan = planFilter(filter, registry, {
      arch: hostArch() ?? 'x64',
      output: [],
      snaplen: 0,
      selfPid: process.pid,
    })
    const shell = new Obedient()
    const host = new Cgroup(`ksys-host-${process.pid}`)
    let opened = 0
    const seen: (string | undefined)[][] = []
    const made = new Set<number>()
    const w = new Watched(plan, (e) => {
      if (e.def.name === 'ks_cgroup' && e.number(1) === 0) made.add(e.number(0) ?? 0)
      if (e.pid !== shell.pid) return
      if (/^open/.test(e.def.name)) opened++
      if (e.def.name === 'kill') seen.push([7, 8, 9].map((fd) => e.thread?.fdTable.fds.get(fd)?.name))
    })
    let cgroup: Cgroup | undefined
    const exclude = (slots: number) => {
      for (const [key, path] of everyCgroup()) if (path === `/${ID}`) w.source.markCgroup(key, slots)
    }
    try {
      host.enter(shell.pid)
      w.state.load(await w.source.snapshot())
      w.state.watcher = cgroupMarks(
        plan,
        filter,
        { info: w.source.info, states: [w.state], format: FORMAT },
        w.state.containers,
        w.source,
        undefined,
      )
      cgroup = new Cgroup(ID)
      await w.until(allOf(`/${ID}`, plan, made))
      await shell.does('exec 7</etc/hostname')
      await shell.does('exec 7<&- 8</etc/hostname')
      cgroup.enter(shell.pid)
      await shell.does('kill -0 $$')
      await shell.does('exec 7</etc/passwd')
      await shell.does('kill -0 $$')
      exclude(1)
      await shell.does('exec 8</etc/group')
      await shell.does('kill -0 $$')
      await shell.does('exec 9</etc/hostname 7<&-')
      exclude(0)
      await shell.does('kill -0 $$')
      w.source.stop()
      await w.until(() => false)
      expect(seen).toEqual([
        [undefined, '/etc/hostname', undefined],
        ['/etc/passwd', '/etc/hostname', undefined],
        [undefined, '/etc/group', '/etc/hostname'],
      ])
      expect(opened).toBe(1)
    } finally {
      await w.source.close()
      await shell.end()
      cgroup?.remove()
      host.remove()
    }
  })
})
