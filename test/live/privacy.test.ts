// What --no-buffers, --no-env and --no-args leave out never leaves the kernel, and a live capture with rules keeps no secret.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { rowEnd } from '../../src/model/batch.js'
import { LiveSource } from '../../src/source/live.js'
import { everything } from '../../src/source/plan.js'
import { ksys, privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { unpacked } from '../helpers/unpacked.js'

/** A program that has a secret in its environment, its arguments, what it writes, and those of an exec that fails. */
const SCRIPT =
  'echo hunter2-data >/dev/null; sleep 0.1; /bin/true hunter2-args; env FAILED=hunter2-env /nonexistent hunter2-args'
const ENV = { ...process.env, TOKEN: 'hunter2-env' }
const SECRETS = ['hunter2-env', 'hunter2-args', 'hunter2-data']

describe.skipIf(!privileged())('a live capture', () => {
  const dir = scratchDir('privacy')
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

  test('keeps no secret in its file, but all calls', async () => {
    const trace = join(dir, 'spared.ksys')
    const ran = ksys([
      '-w',
      trace,
      '--no-buffers',
      '--no-env',
      '--no-args',
      '--',
      'env',
      'TOKEN=hunter2-env',
      'sh',
      '-c',
      SCRIPT,
    ])
    expect(ran.stderr).not.toContain('unexpected')
    const bytes = await unpacked(trace)
    for (const secret of SECRETS) expect([secret, bytes.includes(secret)]).toEqual([secret, false])
    const execs = ksys(['-r', trace, '-p', '%evt.res %proc.exe %proc.args', 'evt.type=execve']).stdout
    expect(execs).toContain('SUCCESS /bin/true \n')
    expect(execs).toContain('ENOENT')
    expect(ksys(['-r', trace, 'evt.buffer exists']).stdout).toBe('')
  })

  test('and rules are followed: output and file tell what they let through', async () => {
    const rules = join(dir, 'rules')
    writeFileSync(rules, '* mask /hunter2-\\w+/\nfd.name hash /^\\/dev\\/(null)/\n')
    const trace = join(dir, 'rules.ksys')
    const command = ['--', 'env', 'TOKEN=hunter2-env', 'sh', '-c', SCRIPT]
    ksys(['-w', trace, '--redact', rules, ...command])
    expect((await unpacked(trace)).includes('hunter2')).toBe(false)
    const opened = ksys(['-r', trace, '-p', '%fd.name', 'evt.type=openat and fd.name startswith "/dev/#"']).stdout
    expect(opened).toMatch(/^\/dev\/#[\da-f]{12}$/m)
    const printed = ksys(['--redact', rules, 'evt.buffer contains "***-data" or evt.buffer contains "**"', ...command])
    expect(printed.stdout).toContain('**')
    expect(printed.stdout).not.toContain('hunter2')
  })
})
