// Alerts in the system's log, here a datagram socket of the test (a program in Perl, as Node has none) in place of /dev/log.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { openSyslog } from '../../../../src/rules/outputs/syslog.js'
import { listenAt } from '../../../helpers/notified.js'
import { queued } from './open-one.js'

const dir = mkdtempSync(join(tmpdir(), 'ksys-syslog-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const log = (socket: string, capacity?: number) => queued(openSyslog(socket), { kind: 'syslog', capacity })

test('a message has facility user, the severity of the priority, time and name, as syslog(3) writes it', async () => {
  const socket = join(dir, 'log')
  const receiver = await listenAt(socket)
  const { offer, output } = log(socket)
  offer('grave', 'Emergency')
  offer('12:00:00.000000000: Warning something (a=1)', 'Warning')
  offer('small', 'Debug')
  await receiver.until(/./, 3)
  const head = String.raw`[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d ksys\[${process.pid}\]: `
  expect(receiver.messages()[0]).toMatch(new RegExp(`^<8>${head}grave$`))
  expect(receiver.messages()[1]).toMatch(
    new RegExp(String.raw`^<12>${head}12:00:00\.000000000: Warning something \(a=1\)$`),
  )
  expect(receiver.messages()[2]).toMatch(new RegExp(`^<15>${head}small$`))
  expect(output.stats).toMatchObject({ sent: 3, failed: 0 })
})

test('alerts wait for a server that starts later, and for one that restarts', async () => {
  const socket = join(dir, 'later')
  const { offer, output, problems: said, settled } = log(socket)
  offer('early')
  await sleep(50)
  expect(said).toEqual([`syslog cannot deliver alerts at present: no syslog server is listening at ${socket}`])
  const first = await listenAt(socket)
  await first.until(/early$/)
  await first.stop()
  offer('between')
  await sleep(50)
  rmSync(socket)
  const second = await listenAt(socket)
  await second.until(/between$/)
  await settled(2)
  expect(output.stats).toMatchObject({ sent: 2, failed: 0 })
})

test('a burst that exceeds what a slow log accepts at once waits for it', async () => {
  const socket = join(dir, 'burst')
  const receiver = await listenAt(socket)
  const { offer, output, settled } = log(socket)
  for (let i = 0; i < 2000; i++) offer(`${i} ${'x'.repeat(1000)}`)
  await settled(2000)
  await receiver.until(/^/, 2000)
  expect(output.stats).toMatchObject({ sent: 2000, failed: 0 })
})

test('a server that stops accepting costs alerts, which are counted, without waiting', async () => {
  const socket = join(dir, 'hangs')
  const receiver = await listenAt(socket)
  receiver.pause()
  const { offer, output } = log(socket, 1500)
  for (let i = 0; i < 2000; i++) offer(`${i} ${'x'.repeat(1000)}`)
  await output.close(50)
  const { sent, dropped, failed } = output.stats
  expect(dropped).toBe(500)
  expect(failed).toBeGreaterThan(0)
  expect(sent + failed).toBe(1500)
  expect(output.takeLosses().reason).toBe('the syslog server is too slow')
})

test('an alert that is too long for the log is counted, and the next one is sent', async () => {
  const socket = join(dir, 'long')
  const receiver = await listenAt(socket)
  const { offer, output, settled } = log(socket)
  offer('x'.repeat(1 << 20))
  offer('next')
  await settled(2)
  await receiver.until(/next$/)
  expect(output.stats).toMatchObject({ sent: 1, failed: 1 })
  expect(output.takeLosses().reason).toBe('the alert is too long for syslog')
})
