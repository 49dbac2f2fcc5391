// Live runs of `ksys advise seccomp` beside a container that starts, is entered and stops.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { Capture } from './capture.js'
import { Runtime, WEB_IMAGE } from './runtimes.js'

describe.skipIf(!privileged())('a live profile', () => {
  const dir = scratchDir('advise-live')
  let runtime: Runtime
  beforeAll(() => {
    runtime = Runtime.up('docker')
  }, 200_000)
  afterAll(() => runtime?.down())
  afterAll(() => Capture.stopAll())

  test('a live run has probes, leaves out a terminal, and knows a stop by SIGTERM', async () => {
    const file = join(dir, 'live.json')
    const capture = await Capture.saying(
      ['advise', 'seccomp', ...runtime.options, 'container.name=live', '-w', file],
      /recording calls/,
    )
    const loop = 'trap "exit 0" TERM; while :; do sleep 0.1; done'
    const name = ['--name', 'live', '--network=host', '-e', 'TERM=dumb']
    for (let i = 0; i < 3; i++) {
      runtime.cli('run', '-d', ...name, WEB_IMAGE, '/bin/sh', '-c', loop)
      runtime.cli('exec', 'live', '/bin/mkdir', `/tmp/${i}`)
      runtime.cli('exec', '-t', 'live', '/bin/busybox', 'rmdir', `/tmp/${i}`)
      runtime.cli('stop', '-t', '5', 'live')
      runtime.cli('rm', '-f', 'live')
      // the filter excludes it, although its start is observed
      runtime.cli('run', '--rm', '--name', 'another', '--network=host', WEB_IMAGE, '/bin/true')
    }
    await capture.stop()
    expect(capture.stderr).toMatch(/^RuntimeDefault suffices for container live: it allows every recorded call;/m)
    expect(capture.stderr).toMatch(/by runc, with a filter/)
    expect(capture.stderr).toMatch(/^Started in the container, like probes and hooks, and allowed: mkdir\.$/m)
    expect(capture.stderr).toMatch(/^Started in the container with a terminal, and left out: busybox\./m)
    expect(capture.stderr).not.toMatch(/Not recorded: .*SIGTERM/)
    const allowed = readFileSync(file, 'utf8')
    expect([allowed.includes('"mkdir"'), allowed.includes('"rmdir"')]).toEqual([true, false])
  }, 120_000)
})
