// What a plan spares never leaves the kernel.
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { rowEnd } from '../../src/model/batch.js'
import { LiveSource } from '../../src/source/live.js'
import { everything } from '../../src/source/plan.js'
import { privileged } from '../helpers/ksys.js'

/** A program that has a secret in its environment, its arguments, what it writes, and those of an exec that fails. */
const SCRIPT =
  'echo hunter2-data >/dev/null; sleep 0.1; /bin/true hunter2-args; env FAILED=hunter2-env /nonexistent hunter2-args'
const ENV = { ...process.env, TOKEN: 'hunter2-env' }
const SECRETS = ['hunter2-env', 'hunter2-args', 'hunter2-data']

describe.skipIf(!privileged())('a live capture', () => {
  const spare = { noBuffers: true, noEnv: true, noArgs: true }

  /** All bytes that the kernel side told while the script ran, and of what existed before. */
  async function told(spared: typeof spare | undefined): Promise<string> {
    const before = spawn('sh', ['-c', 'sleep 20; : hunter2-args'], { env: ENV, stdio: 'ignore' })
    const source = new LiveSource({ plan: { ...everything(process.pid, spared ? 0 : 80), spare: spared } })
    try {
      const { threads } = await source.snapshot()
      const own = threads.filter((t) => t.tid === before.pid)
      let text = JSON.stringify(own, (_, v) => (typeof v === 'bigint' ? String(v) : v))
      expect(own).toHaveLength(1)
      const script = spawn('sh', ['-c', SCRIPT], { env: ENV, stdio: 'ignore' })
      void new Promise((resolve) => script.on('exit', resolve)).then(() => sleep(300)).then(() => source.stop())
      for (let b = await source.next(); b !== undefined; b = await source.next())
        for (let i = 0; i < b.count; i++)
          text += Buffer.from(b.arena.subarray(b.argOff[i], rowEnd(b, i))).toString('latin1')
      return text
    } finally {
      await source.close()
      before.kill('SIGKILL')
    }
  }

  test('tells nothing of what it spares: not in rows, not in what existed', async () => {
    const all = await told(undefined)
    for (const secret of SECRETS) expect([secret, all.includes(secret)]).toEqual([secret, true])
    const without = await told(spare)
    expect(without).toContain('/bin/true')
    for (const secret of SECRETS) expect([secret, without.includes(secret)]).toEqual([secret, false])
  })
})
