// Live runs of `ksys advise seccomp` beside a container that starts, is entered and stops.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
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

  test('a live run over several containers writes a profile for each, or prints all', async () => {
    const folder = join(dir, 'new/profiles')
    const file = join(dir, 'one.json')
    const recorders = await Promise.all(
      [
        ['-w', `${folder}/`],
        ['--to', 'spo'],
        ['-w', file],
      ].map((options) =>
        Capture.saying(
          ['advise', 'seccomp', ...runtime.options, 'container.name in (first, second)', ...options],
          /recording calls/,
        ),
      ),
    )
    for (const name of ['first', 'second'])
      runtime.cli('run', '--rm', '--name', name, '--network=host', WEB_IMAGE, '/bin/mkdir', `/tmp/${name}`)
    const [inFolder, printed, inFile] = recorders as [Capture, Capture, Capture]
    await Promise.all([inFolder.stop(), printed.stop(), inFile.stop(2)])
    expect(readdirSync(folder).sort()).toEqual(['first.json', 'second.json'])
    for (const name of ['first', 'second']) {
      expect(readFileSync(join(folder, `${name}.json`), 'utf8')).toContain('"mkdir"')
      expect(inFolder.stderr).toContain(`ksys: wrote ${join(folder, `${name}.json`)}\n`)
    }
    const documents = parseAllDocuments(printed.stdout).map((d) => d.toJS())
    expect(documents.map(({ kind, metadata }) => [kind, metadata.name])).toEqual([
      ['SeccompProfile', 'first'],
      ['SeccompProfile', 'second'],
    ])
    expect(printed.stderr).toContain('these are 2 workloads, whose profiles were printed one after another')
    expect(inFile.stderr).toContain(`${file} can hold the profile of one, so all were printed instead`)
    expect(inFile.stdout.match(/"defaultAction"/g)).toHaveLength(2)
    expect(existsSync(file)).toBe(false)
  }, 120_000)
})
