// SIGUSR1 is answered also where it came before anything could answer it.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Usr1 } from '../../src/usr1.js'

test('SIGUSR1 that comes before there is anything to write has it written once there is', async () => {
  let asked = 0
  const come = async () => {
    process.kill(process.pid, 'SIGUSR1')
    await sleep(50)
  }
  const signal = new Usr1()
  await come()
  signal.handle(() => asked++)
  expect(asked).toBe(1)
  await come()
  expect(asked).toBe(2)
})
