// A live capture for other tools: -w NAME.scap. How these tools read such files: test/golden/scap-out.test.ts.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'
import { readRows, scratchDir } from '../helpers/live.js'
import { scapEvents } from '../helpers/scap-events.js'

const dir = scratchDir('scap-out')

test.skipIf(!privileged())('a command is written with its descendants, compressed', () => {
  const file = join(dir, 'live.scap.gz')
  const ran = ksys(['-w', file, '--', 'sh', '-c', 'sleep 0.4; cat /etc/hostname; ls / >/dev/null; exit 3'])
  expect(ran).toMatchObject({ code: 3, stderr: '' })
  const events = scapEvents(file)
  expect(events.filter((e, i) => i > 0 && e.time < (events[i - 1]?.time ?? 0n)).length).toBe(0)
  // a thread's calls start before they end
  const started = new Map<number, number>()
  for (const e of events.filter((x) => !x.hidden)) {
    if ((e.code & 1) === 0) started.set(e.tid, e.code)
    else expect({ tid: e.tid, code: started.get(e.tid) }).toEqual({ tid: e.tid, code: e.code - 1 })
  }
  const rows = readRows(file, ['evt.type', 'evt.latency', 'proc.name', 'proc.pname', 'fd.name', 'evt.buffer'])
  const [slept] = rows.filter((r) => r['evt.type'] === 'clock_nanosleep')
  expect(slept).toMatchObject({ 'proc.name': 'sleep', 'proc.pname': 'sh' })
  expect(Number(slept?.['evt.latency'])).toBeGreaterThan(400e6)
  expect(rows).toContainEqual(
    expect.objectContaining({ 'evt.type': 'read', 'proc.name': 'cat', 'fd.name': '/etc/hostname' }),
  )
})

test.skipIf(!privileged())('a filter by results passes both events of a call', () => {
  const file = join(dir, 'failed.scap')
  ksys(['-w', file, 'evt.type=openat and evt.failed=true', '--', 'cat', '/no/such/file'])
  const shown = scapEvents(file).filter((e) => !e.hidden)
  expect(shown.length).toBeGreaterThan(1)
  expect(shown.filter((e) => e.code === 306).length).toBe(shown.filter((e) => e.code === 307).length)
  const opens = readRows(file, ['evt.arg.name', 'evt.res', 'evt.latency'])
  expect(opens).toContainEqual(expect.objectContaining({ 'evt.arg.name': '/no/such/file', 'evt.res': 'ENOENT' }))
})

test.skipIf(!privileged())('-n counts calls, as over a file: each has two events', () => {
  const file = join(dir, 'counted.scap')
  ksys(['-n', '50', '-w', file, '--', 'ls', '-R', '/etc'])
  expect(readRows(file, ['evt.type'])).toHaveLength(50)
})
