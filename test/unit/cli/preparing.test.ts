// A capture that takes long to start reports this on a terminal while its thread waits in the kernel, and reports when it has started.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { root } from '../../helpers/ksys.js'

/** Waits as a thread does that is in the kernel. */
const script = (ms: number) => `
  const { Preparing } = await import(${JSON.stringify(`${root}.build/js/src/cli/run/preparing.js`)})
  const preparing = new Preparing()
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${ms})
  preparing.started()`
const words = ['--input-type=module', '-e']

/** The messages on a terminal if the thread waits for this number of ms. */
function saidAfter(ms: number): string {
  const command = `exec "$NODE" ${words.join(' ')} "$SCRIPT"`
  const env = { ...process.env, NODE: process.execPath, SCRIPT: script(ms) }
  const ran = spawnSync('script', ['-q', '-e', '-c', command, '/dev/null'], { encoding: 'utf8', env })
  return ran.stdout.replaceAll('\r', '')
}

test('a slow start is reported on a terminal', () => {
  expect(saidAfter(4000)).toBe('ksys: preparing the capture: this machine is busy\nksys: the capture has started\n')
})

test('a fast start is not reported', () => {
  expect(saidAfter(0)).toBe('')
})

test('nothing is reported to a file or a pipe', () => {
  const ran = spawnSync(process.execPath, [...words, script(4000)], { encoding: 'utf8' })
  expect(ran).toMatchObject({ status: 0, stderr: '' })
})
