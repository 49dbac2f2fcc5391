// Metrics distinguish calls by the names of containers, existing and new ones, both if the kernel counts and if
// each call is recorded.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { main, privileged } from '../helpers/ksys.js'
import { type Family, readMetrics } from '../helpers/prometheus.js'
import { Runtime, WEB_IMAGE } from './runtimes.js'

/** in the capture, before and after a container starts */
const SECONDS = 4

// the names of containers are of this file only: it counts calls of all runtimes on this machine
describe.skipIf(!privileged())('metrics by container', () => {
  let runtime: Runtime

  beforeAll(() => {
    runtime = Runtime.up('podman')
    const loop = 'while sleep 0.1; do /bin/true; done'
    runtime.cli('run', '-d', '--name', 'metered-before', '--network=host', WEB_IMAGE, '/bin/sh', '-c', loop)
  }, 200_000)

  afterAll(() => runtime?.down())

  test.each([
    ['counted by the kernel', []],
    ['one by one', ['proc.name exists']],
  ])('%s', async (_, filter) => {
    const by = ['--by', 'container,program,call', '--series', '50000']
    const args = [main, 'metrics', ...by, ...runtime.options, ...filter]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    child.stdout.on('data', (part) => {
      text += part
    })
    await sleep(SECONDS * 1000)
    runtime.cli('run', '--rm', '--name', 'metered-after', '--network=host', WEB_IMAGE, '/bin/true')
    await sleep(SECONDS * 1000)
    child.kill('SIGINT')
    const [code] = await once(child, 'close')
    expect(code).toBe(0)
    const families: readonly Family[] = readMetrics(text, 'prometheus')
    const calls = families.find((f) => f.name === 'ksys_syscalls_total')?.samples ?? []
    const of = (container: string, program: string, call: string) =>
      calls.find((s) => s.labels.container === container && s.labels.program === program && s.labels.call === call)
        ?.value
    expect(of('metered-before', 'true', 'exit_group')).toBeGreaterThan(SECONDS)
    expect(of('metered-before', 'sh', 'wait4')).toBeGreaterThan(SECONDS)
    expect(of('metered-after', 'true', 'exit_group')).toBe(1)
  })
})
