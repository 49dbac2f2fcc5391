// --only-namespace over real containers of podman, with the labels of a kubelet: one of the namespace and one of
// another run before the capture, one of each starts meanwhile. The output contains nothing of the others.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ksys, main, privileged } from '../helpers/ksys.js'
import { captureStarted, readRows } from '../helpers/live.js'
import { unpacked } from '../helpers/unpacked.js'
import { Runtime, WEB_IMAGE } from './runtimes.js'

describe.skipIf(!privileged())('--only-namespace', () => {
  let podman: Runtime

  const start = (name: string, namespace: string) =>
    podman.cli(
      ...['run', '-d', '--name', name, '--network=none', `--label=io.kubernetes.pod.namespace=${namespace}`],
      ...[`--label=io.kubernetes.pod.name=${name}`, '-e', `WORD=env-of-${name}`, WEB_IMAGE, '/bin/sh', '-c'],
      `exec 5>/tmp/kept-by-${name}; while :; do echo said-by-${name} >/tmp/written-by-${name}; sleep 0.1; done`,
    )

  beforeAll(() => {
    podman = Runtime.up('podman')
    start('old-mall', 'mall')
    start('old-bank', 'bank')
  }, 120_000)

  afterAll(() => podman.down())

  test('a stream contains the pods of the namespace, old and new, and nothing of others', async () => {
    const trace = join(podman.dir, 'mall.ksys')
    const file = createWriteStream(trace)
    const words = [...podman.options, '--only-namespace', 'mall', '-w', '-', 'evt.type in (openat, write, execve)']
    const child = spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'pipe', 'inherit'], timeout: 100_000 })
    child.stdout.pipe(file)
    await captureStarted(trace)
    start('new-bank', 'bank')
    start('new-mall', 'mall')
    const written = async (...words: string[]) => {
      const there = async () => {
        const bytes = await unpacked(trace)
        return words.filter((word) => !bytes.includes(word))
      }
      await expect.poll(there, { timeout: 60_000 }).toEqual([])
    }
    await written('said-by-new-mall', 'written-by-new-mall')
    podman.cli('exec', 'new-mall', '/bin/sh', '-c', 'echo said-by-exec >/tmp/exec')
    await written('said-by-exec')
    child.kill('SIGINT')
    expect((await once(child, 'close'))[0]).toBe(0)

    const bytes = await unpacked(trace)
    for (const name of ['old-mall', 'new-mall'])
      for (const word of [`said-by-${name}`, `env-of-${name}`, `kept-by-${name}`, `written-by-${name}`])
        expect([word, bytes.includes(word)]).toEqual([word, true])
    const ids = ['old-bank', 'new-bank'].map((name) => podman.cli('inspect', '--format={{.Id}}', name))
    const others = ['old-bank', 'new-bank', ...ids, ...ids.map((id) => id.slice(0, 12))]
    for (const word of [...others, '/usr/bin/conmon', process.execPath, 'vitest'])
      expect([word, bytes.includes(word)]).toEqual([word, false])

    const seen = readRows(trace, ['k8s.pod.name', 'k8s.ns.name', 'proc.name', 'evt.type', 'container.name'])
    expect(new Set(seen.map((row) => row['k8s.ns.name']))).toEqual(new Set(['mall']))
    expect(new Set(seen.map((row) => row['container.name']))).toEqual(new Set(['old-mall', 'new-mall']))
    // runc, whose name is exe, may already be in the container's cgroup
    const executed = seen.filter((row) => row['evt.type'] === 'execve' && row['container.name'] === 'new-mall')
    expect(executed.find((row) => row['proc.name'] !== 'exe')).toMatchObject({
      'proc.name': 'sh',
      'k8s.pod.name': 'new-mall',
    })
    // a process that an exec brings in from outside is inside from then on
    expect(bytes.includes('said-by-exec')).toBe(true)
  }, 120_000)

  // in the capture of all calls, and in that of a page of its own, which has data
  test.each([
    ['files', /\/tmp\/written-by-old-mall/],
    ['echo', /said-by-old-mall/],
  ])(
    'the UI shows nothing of others: %s',
    async (view, ours) => {
      const words = ['ui', '--plain', '--no-config', '--show-data', '-d', '500', '-v', view, '--lines', '0']
      const options = [...podman.options, '--only-namespace', 'mall']
      const ui = spawn(process.execPath, [main, ...words, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
      let shown = ''
      ui.stdout.on('data', (text) => {
        shown += text
      })
      try {
        await expect.poll(() => shown, { timeout: 60_000 }).toMatch(ours)
        await sleep(1000)
      } finally {
        ui.kill('SIGTERM')
      }
      expect((await once(ui, 'exit'))[0]).toBe(0)
      for (const other of ['bank', 'conmon', 'vitest']) expect([other, shown.includes(other)]).toEqual([other, false])
    },
    100_000,
  )

  test('a namespace without pods on this machine is reported once the names are known, while the capture continues', () => {
    const ran = ksys([...podman.options, '--only-namespace', 'nowhere', '-M', '4'])
    expect(ran).toMatchObject({ code: 0, stdout: '' })
    expect(ran.stderr).toContain(
      'no container runtime here has a pod in the Kubernetes namespace nowhere: nothing is shown',
    )
  })
})
