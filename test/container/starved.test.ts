// A capture that gets no CPU for a while, as if all CPUs were busy, and finds more events than its capacity when it continues: containers
// that started meanwhile, of runtimes whose daemon does not respond either.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { privileged } from '../helpers/ksys.js'
import { Capture } from './capture.js'
import { Runtime, type RuntimeName, WEB_IMAGE } from './runtimes.js'

const NAMES = ['busy-0', 'busy-1', 'busy-2', 'busy-3']
const MARK = 'ksys-starved'
/** Starts of programs, and 800,000 other calls that the filter has to evaluate and does not pass. */
const FILTER = `container.name startswith busy- or proc.args=${MARK} or (proc.name=dd and fd.name=/nosuch)`
const CALLS = ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=1', 'count=100000']

afterEach(() => Capture.stopAll())

describe.skipIf(!privileged()).each(['podman', 'docker'] as const satisfies readonly RuntimeName[])('%s', (name) => {
  let runtime: Runtime | undefined

  afterAll(() => runtime?.down())

  test('every container has its name at its first line, and none is missing', async () => {
    runtime = Runtime.up(name)
    const { dir } = runtime
    const lines = await Capture.printing(
      ['-j', '-p', '*%container.id %container.name', ...runtime.options, FILTER],
      () => spawnSync('/bin/true', [MARK]),
    )
    lines.halt()
    const ids = NAMES.map((container) => {
      const how = ['--name', container, '--network=none', WEB_IMAGE, '/bin/sleep', '600']
      const id = runtime?.cli('run', '-d', ...how).slice(0, 12)
      expect(spawnSync(CALLS[0] as string, CALLS.slice(1)).status).toBe(0)
      return id
    })
    const daemon = Number(readFileSync(join(dir, `${name}.pid`), 'utf8'))
    process.kill(daemon, 'SIGSTOP')
    try {
      lines.goOn()
      await lines.printed(/"busy-3"/)
      await lines.stop()
    } finally {
      process.kill(daemon, 'SIGCONT')
    }
    const first = new Map<string, string | null>()
    for (const line of lines.stdout.trimEnd().split('\n')) {
      const row = JSON.parse(line) as Record<string, string>
      // the containers of lost events are unknown
      const id = row['container.id'] as string | null
      if (id === null) continue
      if (!first.has(id)) first.set(id, row['container.name'] ?? null)
    }
    first.delete('host')
    expect([...first], lines.stderr).toEqual(ids.map((id, i) => [id, NAMES[i]]))
  }, 180_000)
})
