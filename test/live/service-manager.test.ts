// Notifications to a service manager (sd_notify), received by a socket of the test.
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ksys, main, privileged } from '../helpers/ksys.js'
import { scratchDir, somethingRuns } from '../helpers/live.js'
import { listenAt } from '../helpers/notified.js'

describe.skipIf(!privileged())('a service manager', () => {
  const dir = scratchDir('service')
  somethingRuns()

  /** ksys as a service manager at this address starts it. */
  function started(address: string, args: string[], env: Record<string, string> = {}) {
    const child = spawn(process.execPath, [main, ...args], {
      env: { ...process.env, NOTIFY_SOCKET: address, ...env },
      detached: true,
    })
    const done = new Promise<number | null>((resolve) => child.on('close', resolve))
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await done
    })
    let output = ''
    child.stderr.on('data', (d) => {
      output += d
    })
    return { pid: child.pid as number, said: () => output, kill: (s: NodeJS.Signals) => child.kill(s), done }
  }

  test.each([
    ['a path', join(dir, 'path')],
    ['an abstract address', `@ksys-test-${process.pid}`],
  ])('at %s is notified when a recorder runs, of its status, and when it ends', async (_, address) => {
    const manager = await listenAt(address)
    const r = started(address, ['record', '--last', '60s', '--after', '0s', '-w', join(dir, 'record', 'x.ksys')])
    mkdirSync(join(dir, 'record'), { recursive: true })
    await manager.until(/^READY=1$/)
    expect(ksys(['dump', String(r.pid)]).code).toBe(0)
    await manager.until(/^STATUS=[\d.]+ s in memory, \d+ of 256 MB; 1 file written$/)
    r.kill('SIGTERM')
    expect(await r.done).toBe(0)
    expect(manager.messages().at(0)).toBe('READY=1')
    expect(manager.messages().at(-1)).toBe('STOPPING=1')
  })

  test('is notified when SIGHUP starts another file, and which one is written', async () => {
    const address = join(dir, 'rotation.socket')
    const manager = await listenAt(address)
    const folder = join(dir, 'rotation')
    mkdirSync(folder)
    const r = started(address, ['-w', `${folder}/`, '-G', '1h'])
    await manager.until(/^STATUS=1 file started, writing \S+$/)
    r.kill('SIGHUP')
    await manager.until(/^STATUS=2 files started, /)
    const from = manager.messages().findIndex((w) => /^RELOADING=1 MONOTONIC_USEC=\d+$/.test(w))
    expect(manager.messages().slice(from + 1)[0]).toBe('READY=1')
    r.kill('SIGINT')
    expect(await r.done).toBe(0)
    expect(readdirSync(folder).length).toBe(2)
  })

  test('with a watchdog is notified repeatedly that ksys is alive', async () => {
    const address = join(dir, 'watchdog')
    const manager = await listenAt(address)
    const r = started(address, ['-q'], { WATCHDOG_USEC: '600000' })
    await manager.until(/\bWATCHDOG=1\b/, 3)
    r.kill('SIGINT')
    await r.done
    const other = started(address, ['-q'], { WATCHDOG_USEC: '600000', WATCHDOG_PID: '1' })
    await manager.until(/^READY=1$/, 2)
    await sleep(1000)
    other.kill('SIGINT')
    await manager.until(/^STOPPING=1$/, 2)
    expect(manager.messages().slice(manager.messages().lastIndexOf('READY=1')).join()).not.toContain('WATCHDOG')
  })

  test('is not visible to programs that ksys starts', () => {
    const env = { NOTIFY_SOCKET: join(dir, 'nobody'), WATCHDOG_USEC: '1', WATCHDOG_PID: '1' }
    const r = ksys(['-q', '--', 'env'], { env })
    expect(r.stdout).toMatch(/^PATH=/m)
    expect(r.stdout).not.toMatch(/^(NOTIFY|WATCHDOG)_/m)
  })

  test.each([
    [`/${'x'.repeat(300)}`, /not an address of a unix socket/],
    [`@${'x'.repeat(300)}`, /not an address of a unix socket/],
    ['vsock:2:1234', /not an address of a unix socket/],
    ['@', /not an address of a unix socket/],
    ['/nonexistent/socket', /ENOENT/],
  ])('that cannot be reached (%s) is reported once, and the capture continues', (address, why) => {
    const r = ksys(['-n', '5'], { env: { NOTIFY_SOCKET: address } })
    expect(r.stdout.trimEnd().split('\n').length).toBe(5)
    const warnings = r.stderr.split('\n').filter((l) => l.includes('NOTIFY_SOCKET'))
    expect(warnings.length).toBe(1)
    expect(warnings[0]).toMatch(why)
    expect(r.code).toBe(0)
  })
})
