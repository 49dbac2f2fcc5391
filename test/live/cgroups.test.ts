// Cgroups under a live capture: made, entered, removed; the state knows where a process is without asking anybody.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Event } from '../../src/model/event.js'
import { EVENTS, LAYOUTS } from '../../src/schema/events/index.js'
import { cgroupTree } from '../../src/source/cgroups.js'
import { LiveSource } from '../../src/source/live.js'
import { everything } from '../../src/source/plan.js'
import { State } from '../../src/state/state.js'
import { privileged } from '../helpers/ksys.js'

/** Where the unified hierarchy is mounted, and one that the fields show. */
const mounted = readFileSync('/proc/self/mountinfo', 'utf8')
const unified = / (\/\S+) \S+ .*- cgroup2 /.exec(mounted)?.[1] as string
const shown = existsSync('/sys/fs/cgroup/memory') ? '/sys/fs/cgroup/memory' : unified

describe.runIf(privileged())('a live capture', () => {
  test('tells a cgroup by its number, and who moves into another one', async () => {
    const name = `ksys-test-${process.pid}`
    const made = `${unified}/${name}`
    const entered = `${shown}/${name}`
    const source = new LiveSource({ plan: everything(process.pid) })
    const state = new State(source.info)
    const rows: (string | number | undefined)[][] = []
    const places = new Set<string>()
    try {
      state.load(await source.snapshot())
      for (const dir of new Set([made, entered])) mkdirSync(dir)
      const id = [...cgroupTree()].find(([, path]) => path === `/${name}`)?.[0]
      expect(id).toBeGreaterThan(0)
      const child = execFileSync('sh', ['-c', `echo $$ > ${entered}/cgroup.procs; : ; cat /dev/null; echo $$`])
      for (const dir of new Set([made, entered])) rmdirSync(dir)
      source.stop()
      const e = new Event(EVENTS, LAYOUTS)
      for (let b = await source.next(); b !== undefined; b = await source.next())
        for (let i = 0; i < b.count; i++) {
          e.moveTo(b, i)
          state.apply(e)
          if (e.def.name === 'ks_cgroup' && e.text(2)?.includes(name)) rows.push([e.number(0), e.number(1), e.text(2)])
          if (e.def.name === 'exit_group' && (e.pid === Number(child) || e.thread?.ptid === Number(child)))
            places.add(e.thread?.cgroups.find((c) => c.startsWith('memory=')) ?? '')
        }
      expect(rows).toEqual([
        [id, 0, `/${name}`],
        [id, 1, `/${name}`],
      ])
      expect([...places]).toEqual([`memory=/${name}`])
    } finally {
      for (const dir of [made, entered]) if (existsSync(dir)) rmdirSync(dir)
      await source.close()
    }
  })
})
