// Limits of the terminal UI: omitted events are reported next to what is shown.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { main, privileged } from '../helpers/ksys.js'

describe.skipIf(!privileged())('the UI over this machine', () => {
  test('with --max-calls omits a part of the events of a busy program, and reports it', async () => {
    const busy = spawn('perl', ['-e', 'getppid while 1'], { stdio: 'ignore' })
    const words = ['ui', '--plain', '--no-config', '-d', '500', '--lines', '3', '--max-calls', '1000']
    const ui = spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    ui.stdout.on('data', (d) => {
      out += d
    })
    ui.stderr.on('data', (d) => {
      err += d
    })
    try {
      await expect
        .poll(() => out, { timeout: 60_000, message: err })
        .toMatch(/^\S+Z {2}Processes {2}.* {2}\S+ events throttled/m)
    } finally {
      busy.kill('SIGKILL')
      ui.kill('SIGTERM')
    }
    expect((await once(ui, 'exit'))[0]).toBe(0)
  }, 100_000)
})
