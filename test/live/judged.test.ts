// Conditions on the process that the kernel cannot test are judged for each thread: calls of threads that a filter cannot mean are
// dropped, and whatever makes a thread match has its calls recorded at once.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { registry } from '../../src/fields/index.js'
import { checkFilter, compileChecked, judgedThreads, planFilter } from '../../src/filter/index.js'
import type { Event } from '../../src/model/event.js'
import { Loop } from '../../src/run/loop.js'
import { hostArch } from '../../src/schema/arch.js'
import type { Arch } from '../../src/schema/types.js'
import { LiveSource } from '../../src/source/live.js'
import { State } from '../../src/state/state.js'
import { privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const format = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 } as const
/** What the program writes with a marked call. */
const MARKED = 7

/** A capture for a filter while the program runs: marked calls that pass, and all that were recorded. */
async function capture(filter: string, program: string, args: readonly string[], argv0 = 'other') {
  const checked = checkFilter(filter, registry)
  const plan = planFilter(checked, registry, {
    arch: hostArch() as Arch,
    output: [],
    snaplen: 0,
    selfPid: process.pid,
  })
  expect(plan.slots.some((s) => s.process !== undefined)).toBe(true)
  const source = new LiveSource({ plan })
  const state = new State(source.info)
  const ctx = { info: source.info, states: [state], format }
  const judged = judgedThreads(plan, checked, ctx, state.threads, source)
  const { test: passes } = compileChecked(checked, ctx)
  const found = { passing: 0, recorded: 0 }
  const child = spawn(program, args, { argv0, stdio: 'ignore' })
  const ended = once(child, 'exit')
  const show = (e: Event) => {
    if (e.def.name !== 'write' || e.ret !== MARKED) return
    if (e.thread?.exepath !== program) return
    found.recorded++
    if (passes(e)) found.passing++
  }
  ended.then(() => source.stop())
  const loop: Loop = new Loop({
    source,
    states: [state],
    predicate: undefined,
    sinks: [{ show }],
    onBatch: () => judged?.update(loop.reached),
  })
  await loop.run(await source.snapshot())
  await source.close()
  expect((await ended)[0]).toBe(0)
  return found
}

describe.skipIf(!privileged())('a thread that was judged', () => {
  const dir = scratchDir('judged')
  const program = join(dir, 'judged')
  execFileSync('cc', ['-O1', '-o', program, join(root, 'test/live/programs/judged.c')], { stdio: 'pipe' })

  test('has its calls dropped if the filter cannot mean its process', { timeout: 120_000 }, async () => {
    const { passing, recorded } = await capture('proc.cmdline contains nosuch and evt.type=write', program, ['many'])
    expect(passing).toBe(0)
    expect(recorded).toBe(0)
  })

  test('has its calls recorded if the filter means its process', { timeout: 120_000 }, async () => {
    const { passing } = await capture('proc.cmdline contains many and evt.type=write', program, ['many'])
    expect(passing).toBe(10_000)
  })

  test.each([
    ['its name', 'renames', 'proc.name startswith wanted and evt.type=write', 5],
    ['its user', 'users', 'user.uid>=65534 and evt.type=write', 5],
    ['its program', 'programs', 'proc.exe=wanted and evt.type=write', 3],
    ["its parent's program", 'parent', 'proc.pexe=wanted and evt.type=write', 5],
  ])('is judged again when %s changes', { timeout: 120_000 }, async (_, mode, filter, marked) => {
    const rounds = mode === 'programs' ? 2 * marked - 1 : marked
    const { passing } = await capture(filter, program, [mode, String(rounds)])
    expect(passing).toBe(marked)
  })
})
