// Rates in the terminal UI are relative to the time of the events, however late ksys itself is scheduled.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { main, privileged } from '../helpers/ksys.js'

/** the maximum of bytes a second that the writer writes: one portion each 20 ms */
const MOST = 400 * 1024
const PORTION = MOST / 50
const UNITS = { B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 } as const

const bytes = (text: string) => Number.parseFloat(text) * UNITS[text.slice(-1) as keyof typeof UNITS]

describe.skipIf(!privileged())('the UI over this machine', () => {
  test('never shows a writer faster than it writes, also after ksys was paused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ksys-rates-'))
    const write = `const f = fs.openSync(${JSON.stringify(join(folder, 'x'))}, 'w'); const b = Buffer.alloc(${PORTION})
      setInterval(() => fs.writeSync(f, b, 0, b.length, 0), 20)`
    const writer = spawn(process.execPath, ['-e', write], { stdio: 'ignore' })
    const words = ['ui', '--plain', '--no-config', '--lines', '0', `proc.pid=${writer.pid}`]
    const ui = spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    ui.stdout.setEncoding('utf8').on('data', (d) => {
      text += d
    })
    const rates = () =>
      [...text.matchAll(/^ *PID[^\n]*\n *(\d+) [^\n]*/gm)].flatMap(([part, pid]) => {
        const [title = '', row = ''] = part.split('\n')
        const end = title.indexOf('FILE') + 4
        const cell = row.slice(end - 6, end).trim()
        return pid === String(writer.pid) && cell !== '' ? [bytes(cell)] : []
      })
    const until = async (count: number) => {
      while (rates().length < count) await sleep(50)
    }
    try {
      await until(2)
      for (let i = 0; i < 2; i++) {
        const before = rates().length
        ui.kill('SIGSTOP')
        // the length of the pause is what is tested
        await sleep(3000)
        ui.kill('SIGCONT')
        await until(before + 3)
      }
    } finally {
      ui.kill('SIGCONT')
      ui.kill('SIGTERM')
      writer.kill('SIGKILL')
      await Promise.all([ui, writer].map((p) => p.exitCode ?? p.signalCode ?? new Promise((r) => p.once('exit', r))))
      rmSync(folder, { recursive: true })
    }
    expect(Math.max(...rates()) / MOST).toBeLessThan(1.3)
  }, 240_000)
})
