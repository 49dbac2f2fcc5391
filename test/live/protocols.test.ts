// Calls that transfer data are recorded on sockets of the protocols that a filter can pass: the others make no records.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { registry } from '../../src/fields/index.js'
import { checkFilter, planFilter } from '../../src/filter/index.js'
import { Loop } from '../../src/run/loop.js'
import { hostArch } from '../../src/schema/arch.js'
import type { Arch } from '../../src/schema/types.js'
import { LiveSource } from '../../src/source/live.js'
import { State } from '../../src/state/state.js'
import { privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const SENT = { tcp: 7, connecting: 9, udp: 5, unix: 3 }
const TIMES = 20

describe.skipIf(!privileged())('what is sent', () => {
  const program = join(scratchDir('protocols'), 'sends')
  execFileSync('cc', ['-O1', '-o', program, join(root, 'test/live/programs/sends.c')], { stdio: 'pipe' })

  const times = (...kinds: (keyof typeof SENT)[]) => new Map(kinds.map((kind) => [SENT[kind], TIMES]))

  /** How often the program's sends were recorded, by the number of bytes. */
  async function recorded(filter: string): Promise<Map<number, number>> {
    const plan = planFilter(checkFilter(`evt.type=sendto and ${filter}`, registry), registry, {
      arch: hostArch() as Arch,
      output: [],
      snaplen: 0,
      selfPid: process.pid,
    })
    const source = new LiveSource({ plan })
    const sends = new Map<number, number>()
    const loop = new Loop({
      source,
      states: [new State(source.info)],
      predicate: undefined,
      sinks: [
        {
          show: (e) => {
            if (e.def.name === 'sendto' && e.thread?.exepath === program) sends.set(e.ret, (sends.get(e.ret) ?? 0) + 1)
          },
        },
      ],
    })
    const child = spawn(program, [String(TIMES)], { stdio: 'ignore' })
    const ended = once(child, 'exit')
    ended.then(() => source.stop())
    await loop.run(await source.snapshot())
    await source.close()
    expect((await ended)[0]).toBe(0)
    return sends
  }

  test('by TCP is not recorded for a filter of UDP, and the other way round', { timeout: 60_000 }, async () => {
    expect(await recorded('fd.l4proto=udp')).toEqual(times('udp'))
    expect(await recorded('fd.l4proto=tcp')).toEqual(times('tcp', 'connecting'))
  })

  test('on a connected TCP socket is not recorded if it must name the socket', { timeout: 60_000 }, async () => {
    expect(await recorded('fd.name_changed=true and fd.typechar in (4, 6)')).toEqual(times('connecting', 'udp'))
  })

  test('is recorded completely by a filter of all sockets', { timeout: 60_000 }, async () => {
    expect(await recorded('(fd.l4proto in (tcp, udp) or fd.type=unix)')).toEqual(
      times('tcp', 'connecting', 'udp', 'unix'),
    )
  })
})
