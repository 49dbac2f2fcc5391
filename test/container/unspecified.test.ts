// Containers of runtimes that are not specified to ksys and that do not respond: podman with storage elsewhere, a user's own podman,
// docker and containerd with folders elsewhere and their daemons at unusual places. Their files contain the names, of
// existing and of new containers.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'
import { readRows, scratchDir } from '../helpers/live.js'
import { Capture } from './capture.js'
import { Runtime, type RuntimeName, WEB_IMAGE } from './runtimes.js'

const MARK = 'ksys-unasked'

for (const name of ['podman', 'docker', 'containerd'] as const satisfies readonly RuntimeName[])
  describe.skipIf(!privileged())(`${name}, without any option`, () => {
    const trace = join(scratchDir(`unasked-${name}`), 'all.ksys')
    const plain = name === 'containerd'
    let runtime: Runtime
    const run = (id: string, how: string[], ...command: string[]) =>
      plain
        ? runtime.cli('run', ...how, '--net-host', '--runc-binary', '/usr/sbin/runc', WEB_IMAGE, id, ...command)
        : runtime.cli('run', ...how, '--name', id, '--network=host', WEB_IMAGE, ...command)

    beforeAll(async () => {
      runtime = Runtime.up(name)
      run('before', ['-d'], '/bin/sleep', '600')
      const whole = await Capture.into(trace, [])
      if (plain) runtime.cli('tasks', 'exec', '--exec-id', 'e1', 'before', '/bin/true', MARK)
      else runtime.cli('exec', 'before', '/bin/true', MARK)
      run('after', ['--rm'], '/bin/true', MARK)
      await whole.stop()
    }, 200_000)

    afterAll(() => {
      Capture.stopAll()
      runtime?.down()
      expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(runtime.dir)
    })

    test('names its containers from the first call on, existing and new ones', () => {
      const fields = ['container.name', 'container.type', ...(plain ? [] : ['container.image'])]
      const rows = readRows(trace, fields, [`proc.name=true and proc.args=${MARK} and container.id != host`])
      const as = (id: string) => [id, name, ...(plain ? [] : [WEB_IMAGE])].join(' ')
      const seen = new Set(rows.map((row) => fields.map((f) => row[f]).join(' ')))
      expect([...seen].sort()).toEqual([as('after'), as('before')])
    })
  })

const rootless = scratchDir('unasked-rootless')
test.skipIf(!privileged())(
  "containers of a user's own podman have names, existing and new ones",
  async () => {
    const trace = join(rootless, 'all.ksys')
    const runtime = Runtime.up('rootless')
    try {
      const start = (id: string) => {
        const loop = `while sleep 0.2; do /bin/true ${MARK}; done`
        runtime.cli('run', '-d', '--name', id, '--network=host', WEB_IMAGE, '/bin/sh', '-c', loop)
        runtime.join(id)
      }
      start('before')
      const whole = await Capture.into(trace, [])
      start('after')
      const filter = `proc.name=true and proc.args=${MARK} and container.id != host`
      const read = () => ksys(['-r', trace, '-p', '%container.name %container.image', filter])
      const names = (stdout: string) => [...new Set(stdout.split('\n').filter(Boolean))].sort()
      // a trace that is still being written can be read, and reading it reports that it has no end
      while (names(read().stdout).length < 2) await sleep(200)
      await whole.stop()
      const { code, stderr, stdout } = read()
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(names(stdout)).toEqual([`after ${WEB_IMAGE}`, `before ${WEB_IMAGE}`])
    } finally {
      Capture.stopAll()
      runtime.down()
    }
  },
  200_000,
)
