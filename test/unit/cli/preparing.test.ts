// A capture whose beginning takes long says so while its thread waits in the kernel, and says when it has begun.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { root } from '../../helpers/ksys.js'

/** What is told where the thread waits so many ms for the kernel. */
function toldOf(ms: number): string {
  const script = `
    const { Preparing } = await import(${JSON.stringify(`${root}.build/js/src/cli/run/preparing.js`)})
    const preparing = new Preparing()
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${ms})
    preparing.begun()`
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stderr
}

test('what takes long is told', () => {
  expect(toldOf(4000)).toBe('ksys: preparing the capture: this machine is busy\nksys: the capture has begun\n')
})

test('what does not is not', () => {
  expect(toldOf(0)).toBe('')
})
