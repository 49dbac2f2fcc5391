// Containers in one hierarchy of cgroups alone: below a cgroup of version 2 without any controller, or in a controller
// of version 1 next to a unified hierarchy that lacks them. They are known live, in the trace, to filters, and where the
// kernel counts by cgroup.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { Capture } from '../container/capture.js'
import { controllerMount, unified } from '../helpers/cgroup.js'
import { privileged } from '../helpers/ksys.js'
import { compile, readRows, scratchDir } from '../helpers/live.js'

describe.skipIf(!privileged())('a container in one hierarchy alone', () => {
  const root = scratchDir('one-hierarchy')
  let shell: ChildProcess | undefined
  let cgroups: string[] = []

  afterEach(async () => {
    Capture.stopAll()
    const ended = shell && new Promise((done) => shell?.once('close', done))
    shell?.stdin?.end()
    await ended
    shell = undefined
    for (const dir of cgroups.reverse()) rmdirSync(dir)
    cgroups = []
  })

  /** Creates a container's cgroup in this hierarchy; returns its directory. */
  function container(mount: string, id: string): string {
    const slice = join(mount, `ksys-test-${process.pid}.slice`)
    const scope = join(slice, `docker-${id}.scope`)
    for (const dir of [slice, scope]) {
      if (existsSync(dir)) continue
      mkdirSync(dir)
      cgroups.push(dir)
    }
    return scope
  }

  const hierarchies = [
    ['the unified one', unified],
    ['that of memory', controllerMount('memory')],
    ['that of cpu', controllerMount('cpu')],
  ].filter((h): h is [string, string] => h[1] !== undefined)

  test.each(hierarchies)(
    '%s: has its id live, in the trace and in filters',
    async (_, mount) => {
      const id = `1ee7${process.pid}`.padEnd(64, '0')
      const short = id.slice(0, 12)
      const procs = join(container(mount, id), 'cgroup.procs')
      const trace = join(root, `${hierarchies.findIndex((h) => h[1] === mount)}.ksys`)
      const inside = `echo $$ >${procs};`
      // one that is in it before the capture starts, and others that enter it
      shell = spawn('sh', ['-c', `${inside} while read -r line; do kill -0 $$; done`], {
        stdio: ['pipe', 'ignore', 'ignore'],
      })
      const before = shell.pid as number
      const drive = () => {
        shell?.stdin?.write('\n')
        expect(spawnSync('sh', ['-c', `${inside} kill -0 $$; exec /bin/true`], { timeout: 10_000 }).status).toBe(0)
      }
      const both = (text: string) => {
        const pids = text
          .split('\n')
          .slice(0, -1)
          .map((line) => line.split(' ')[0])
        return pids.includes(String(before)) && pids.some((pid) => pid !== String(before))
      }
      const lines = (filter: string) =>
        Capture.printing(['-p', '%proc.pid %container.id', `evt.type=kill and (${filter})`], drive, both)
      const mine = `proc.pid=${before} or proc.cmdline contains ${procs}`

      const whole = await Capture.into(trace, [])
      const all = await lines(mine)
      const filtered = [await lines(`container.id=${short}`), await lines(`container.id!=host and (${mine})`)]
      for (const c of [all, ...filtered, whole]) await c.stop()

      for (const { stdout } of [all, ...filtered])
        expect(
          new Set(
            stdout
              .trimEnd()
              .split('\n')
              .map((line) => line.split(' ')[1]),
          ),
        ).toEqual(new Set([short]))
      const rows = readRows(trace, ['container.id', 'proc.pid'], [`evt.type=kill and (${mine})`])
      expect(new Set(rows.map((row) => row['container.id']))).toEqual(new Set([short]))
      // the command line of a process that exists at the start may be unknown, but not its container
      const found = new Set(
        readRows(trace, ['proc.pid'], [`evt.type=kill and container.id=${short}`]).map((row) => row['proc.pid']),
      )
      expect(rows.filter((row) => !found.has(row['proc.pid']))).toEqual([])
    },
    100_000,
  )

  const ids = ['c0de', 'c1de'].map((start) => `${start}${process.pid}`.padEnd(64, '0')) as [string, string]

  test.each(hierarchies)(
    '%s: metrics count its calls for it, also if it starts later',
    async (_, mount) => {
      const counted = (id: string) =>
        new RegExp(`^ksys_syscalls_total\\{container="${id.slice(0, 12)}",call="kill"\\} [1-9]`, 'm')
      const [before, later] = ids
      const procs = join(container(mount, before), 'cgroup.procs')
      shell = spawn('sh', ['-c', `echo $$ >${procs}; while read -r line; do kill -0 $$; done`], {
        stdio: ['pipe', 'ignore', 'ignore'],
      })
      const metrics = await Capture.printing(
        ['metrics', '--by', 'container,call', '--interval', '200ms', 'evt.type=kill'],
        () => shell?.stdin?.write('\n'),
        (text) => counted(before).test(text),
      )
      const others = join(container(mount, later), 'cgroup.procs')
      while (!counted(later).test(metrics.stdout)) {
        spawnSync('sh', ['-c', `echo $$ >${others}; kill -0 $$`])
        await sleep(100)
      }
      await metrics.stop()
    },
    60_000,
  )

  test.each(hierarchies)(
    '%s: it can be throttled',
    async (name, mount) => {
      const trace = join(root, `ceiling-${name.split(' ').at(-1)}.ksys`)
      const loop = compile(root, 'loop')
      const scope = container(mount, ids[0])
      shell = spawn('sh', ['-c', `echo $$ >${join(scope, 'cgroup.procs')}; exec ${loop} 3 read`], {
        stdio: ['pipe', 'ignore', 'inherit'],
      })
      const capture = await Capture.into(trace, ['--max-calls', '1000'])
      shell.stdin?.end('\n')
      await once(shell, 'close')
      shell = undefined
      await capture.stop()
      const throttled = readRows(trace, ['evt.arg.cgroup'], ['evt.type=throttle'])
      expect(throttled.map((row) => row['evt.arg.cgroup'])).toContain(scope.slice(mount.length))
    },
    60_000,
  )
})
