// Two hundred containers that start within a second: cgroups as docker creates them, with docker's own files about each, below
// a HOST_ROOT of the test. (The same number of real ones takes minutes; `npm run bench containers` has them.)
import { spawnSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { privileged } from '../helpers/ksys.js'
import { type Row, readRows, scratchDir } from '../helpers/live.js'
import { Capture, sameAsReadingAll, startsIn } from './capture.js'
import { FakeContainers } from './fake.js'

const MANY = 200
const MARK = 'ksys-many'
const ids = Array.from({ length: MANY }, (_, i) => i.toString(16).padStart(12, '0').padEnd(64, 'c0ffee'))
const root = scratchDir('many')

const fake = new FakeContainers(root, `ksys-many-${process.pid}`)

afterAll(() => {
  Capture.stopAll()
  fake.end()
})

/** Whether ksys reports that it had too little CPU time for all names, and that its filter may have missed some events. */
function starved(said: string): boolean {
  if (!/named late|never named/.test(said)) return false
  expect(said).toContain('the filter needs more than container ids and may have missed events')
  return loadavg()[0]! > 3 * cpus().length
}

test.skipIf(!privileged())(
  'two hundred simultaneous containers have their names, and a filter passes exactly its own',
  async () => {
    ids.forEach((id, i) => {
      fake.describe(id, `c${i}`, `many/c${i % 2}:1`)
    })
    const trace = join(root, 'all.ksys')
    const whole = await Capture.into(trace, ['container.id != host'])
    const begins = (name: string) => spawnSync('/bin/true', [name], { timeout: 10_000 })
    const two = await Capture.printing(
      [
        '-j',
        '-p',
        '%proc.pid %container.id %container.name',
        `container.name in (c7, c150) or proc.args=${MARK}-begins`,
      ],
      () => begins(`${MARK}-begins`),
    )
    fake.begin(ids)
    const script = `for id in ${ids.join(' ')}; do (${fake.enter('id')}; exec /bin/true ${MARK}); done`
    expect(spawnSync('sh', ['-c', script], { timeout: 60_000 }).status).toBe(0)
    // a name that is missing after this time will not arrive any more; the end of the run reports the reason
    for (const until = Date.now() + 30_000; !two.stdout.includes('"c150"') && Date.now() < until; )
      await new Promise((done) => setTimeout(done, 50))
    await two.stop()
    await whole.stop()
    const starts = startsIn(trace, MARK)
    if (starved(two.stderr)) {
      // a name that has arrived is the right one
      const known = new Set(ids.flatMap((id, i) => [`${id.slice(0, 12)} c${i}`, `${id.slice(0, 12)} null`]))
      expect(starts.flatMap((s) => s.names).filter((name) => !known.has(name))).toEqual([])
      return
    }
    expect(two.stdout, two.stderr).toContain('"c150"')
    expect(starts.map((s) => s.names.join())).toEqual(ids.map((id, i) => `${id.slice(0, 12)} c${i}`))
    sameAsReadingAll(trace, [
      'container.name=c7',
      `container.id=${ids[9]?.slice(0, 12)}`,
      `container.full_id startswith ${ids[9]?.slice(0, 20)}`,
      'container.name=no-such and fd.name contains lib',
    ])
    const seen = two.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row)
      .filter((row) => row['container.id'] !== 'host')
    expect(new Set(seen.map((row) => row['container.name']))).toEqual(new Set(['c7', 'c150']))
    expect(seen).toHaveLength(
      readRows(trace, ['evt.num'], ['container.name in (c7, c150) and evt.type != container']).length,
    )
  },
  300_000,
)
