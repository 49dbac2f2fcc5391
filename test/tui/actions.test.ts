// Actions in a real terminal: commands for a file and a process of the test are shown, run, and receive their keys.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasTmux, Terminal } from './terminal.js'

const canCapture = process.getuid?.() === 0

describe.skipIf(!canCapture || !hasTmux)('ksys ui --actions', () => {
  let t: Terminal
  let load: ChildProcess
  const dir = mkdtempSync(join(tmpdir(), 'ksys-actions-'))
  const file = join(dir, "it's; touch x")
  /** Reads the file repeatedly. */
  const READ = `setInterval(() => require('node:fs').readFileSync(process.argv[1]), 20)`

  beforeAll(() => {
    writeFileSync(file, 'what is in it\n')
    t = new Terminal(120, 40)
    load = spawn(process.execPath, ['-e', READ, file], { stdio: 'ignore' })
  })
  afterAll(() => {
    t.close()
    load.kill('SIGKILL')
    rmSync(dir, { recursive: true })
  })

  /** Selects the action with this title in the menu, up to its command. */
  async function choose(title: string): Promise<void> {
    t.keys('a')
    const lines = await t.shows('Select action')
    const at = lines.findIndex((l) => l.includes('Select action'))
    const items = lines.slice(at + 1).map((l) => l.slice(0, 22).trim())
    for (let i = items.indexOf(title); i > 0; i--) t.keys('Down')
    t.keys('Enter')
    await t.shows('Enter runs it')
  }

  test('lists and follows a file, ends its process, and returns to the screen after each', async () => {
    t.ui('--actions', '-v', 'files', `proc.pid=${load.pid} and fd.directory=${dir}`)
    await t.shows("it's; touch x")

    await choose('ls -al')
    await t.shows(`ls -al -- '${dir}/it'\\''s; touch x'`)
    t.keys('Enter')
    await t.shows('ls has finished')
    await t.shows(/^-rw-.* 14 /)
    t.keys('q', 'Enter')
    await t.shows('FILENAME')

    await choose('tail -f')
    t.keys('Enter')
    await t.shows(/^what is in it$/)
    t.keys('C-c')
    await t.shows('tail ended with SIGINT')
    t.keys('Enter')
    await t.shows('FILENAME')

    t.keys('Enter')
    await t.shows('PPID')
    await t.shows(String(load.pid))
    const ended = new Promise((resolve) => load.once('exit', (_, signal) => resolve(signal)))
    await choose('kill')
    t.keys('Enter')
    await t.shows('Run it? y/N')
    // any other key cancels
    t.keys('Enter')
    await t.shows('not run')
    expect(load.signalCode).toBeNull()
    await choose('kill')
    t.keys('Enter')
    await t.shows('Run it? y/N')
    t.keys('y')
    await t.shows(`SIGTERM was sent to ${load.pid}`)
    expect(await ended).toBe('SIGTERM')
    t.keys('q')
    await t.until('the shell', (lines) => !lines.some((l) => l.includes('PPID')))
  })
})
