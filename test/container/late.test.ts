// A name that arrives when the container has long been running, and one that never arrives: what is shown, live and on replay,
// and what the end of a run reports.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { Capture, sameAsReadingAll, startLines, startsOf } from './capture.js'
import { FakeContainers } from './fake.js'

const MARK = 'ksys-late'
const [LATE, NEVER] = ['1a7e', 'dead'].map((start) => start.padEnd(64, '0')) as [string, string]

describe.skipIf(!privileged())('names that come late or never', () => {
  const root = scratchDir('late')
  const trace = join(root, 'all.ksys')
  let fake: FakeContainers
  let lines: Capture
  let whole: Capture
  let quiet: Capture
  let byName: Capture

  beforeAll(async () => {
    fake = new FakeContainers(root, `ksys-late-${process.pid}`)
    const runs = (id: string) => {
      const script = `(id=${id}; ${fake.enter('id')}; exec /bin/true ${MARK})`
      expect(spawnSync('sh', ['-c', script], { timeout: 10_000 }).status).toBe(0)
    }
    whole = await Capture.into(trace, [])
    quiet = await Capture.into(join(root, 'quiet.ksys'), ['-q'])
    lines = await Capture.printing(startLines(MARK), () => spawnSync('/bin/true', [MARK]))
    byName = await Capture.printing(
      ['-p', '%container.name', `proc.args=${MARK} and container.name in (web, host)`],
      () => spawnSync('/bin/true', [MARK]),
    )
    fake.begin([LATE, NEVER])
    for (const id of [LATE, NEVER]) runs(id)
    await lines.printed(/"dead00000000"/)
    fake.describe(LATE, 'web', 'late/web:1')
    for (let tries = 0; !/"web"/.test(lines.stdout) && tries < 500; tries++) {
      runs(LATE)
      await new Promise((done) => setTimeout(done, 100))
    }
    for (const c of [lines, quiet, whole, byName]) await c.stop()
  }, 100_000)

  afterAll(() => {
    Capture.stopAll()
    fake?.end()
  })

  test('live, calls have the name from the time of its arrival', () => {
    const rows = lines.stdout.trimEnd().split('\n')
    const names = startsOf(rows.map((line) => JSON.parse(line))).flatMap((s) => s.names)
    expect(new Set(names)).toEqual(new Set(['host host', '1a7e00000000 null', 'dead00000000 null', '1a7e00000000 web']))
  })

  test('on replay, calls have it from the first on, also in a trace without its end', () => {
    const cut = join(root, 'cut.ksys')
    writeFileSync(cut, readFileSync(trace).subarray(0, -200))
    const of = (file: string, options: Record<string, string> = {}) => {
      const read = ksys(['-r', file, ...startLines(MARK)], { env: options })
      const rows = read.stdout.trimEnd().split('\n')
      return new Set(startsOf(rows.map((line) => JSON.parse(line))).flatMap((s) => s.names))
    }
    const names = new Set(['host host', '1a7e00000000 web', 'dead00000000 null'])
    expect(of(trace)).toEqual(names)
    expect(of(trace, { KSYS_READ: 'all' })).toEqual(names)
    expect(of(cut)).toEqual(names)
    sameAsReadingAll(trace, [
      'container.name=web',
      'container.image=late/web:1 and evt.type=execve',
      'container.name exists',
    ])
  })

  test('the end of a run reports the number of late and of missing names, unless --quiet is given', () => {
    // other tests may start containers meanwhile, with runtimes that only they know
    for (const { stderr } of [lines, whole])
      expect(stderr).toMatch(
        /^ksys: \d+ containers? \w+ named late: earlier events show only the id; \d+ containers? \w+ never named: unknown to all runtimes and files\n$/,
      )
    expect(quiet.stderr).toBe('')
  })

  test('the end of a run with a filter by name reports that it may have missed events', () => {
    expect(byName.stderr).toContain('the filter needs more than container ids and may have missed events\n')
  })
})
