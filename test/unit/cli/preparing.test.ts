// A capture whose beginning takes long says so on a terminal while its thread waits in the kernel, and says when it has begun.
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

/** What is said on a terminal where the thread waits so many ms. */
function saidAfter(ms: number): string {
  const command = `exec "$NODE" ${words.join(' ')} "$SCRIPT"`
  const env = { ...process.env, NODE: process.execPath, SCRIPT: script(ms) }
  const ran = spawnSync('script', ['-q', '-e', '-c', command, '/dev/null'], { encoding: 'utf8', env })
  return ran.stdout.replaceAll('\r', '')
}

test('what takes long is said on a terminal', () => {
  expect(saidAfter(4000)).toBe('ksys: preparing the capture: this machine is busy\nksys: the capture has started\n')
})

test('what does not take long is not', () => {
  expect(saidAfter(0)).toBe('')
})

test('nothing is said into a file or a pipe', () => {
  const ran = spawnSync(process.execPath, [...words, script(4000)], { encoding: 'utf8' })
  expect(ran).toMatchObject({ status: 0, stderr: '' })
})
