// SIGUSR1 is answered even if it arrived before anything could answer it.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Usr1 } from '../../src/usr1.js'

test('the report for a SIGUSR1 that arrives early is written once it exists', async () => {
  let requests = 0
  const come = async () => {
    process.kill(process.pid, 'SIGUSR1')
    await sleep(50)
  }
  const signal = new Usr1()
  await come()
  signal.handle(() => requests++)
  expect(requests).toBe(1)
  await come()
  expect(requests).toBe(2)
})
