// The parts of the single executable that communicate: with containerd by gRPC, with a recorder over its socket, with a terminal.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { freePort, Runtime, served } from '../container/runtimes.js'
import { ksys, privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { Terminal } from '../tui/terminal.js'
import { BUILT, EXECUTABLE, ksysFile } from './built.js'

const dir = BUILT ? scratchDir('daemons') : ''
const env = { XDG_CACHE_HOME: dir }

describe.skipIf(!BUILT)('the single executable in a terminal', () => {
  let t: Terminal | undefined
  afterEach(() => t?.close())

  test('shows a trace and opens a process', async () => {
    t = new Terminal(120, 40, env)
    t.type(`${EXECUTABLE} ui -r ${root}captures/web.ksys`)
    t.keys('Enter')
    await t.shows(/python3/)
    t.keys('F10')
    await t.shows('shell> ')
  })
})

describe.skipIf(!BUILT || !privileged())('the single executable with daemons', () => {
  let runtime: Runtime | undefined
  afterAll(() => runtime?.down())

  test('shows the containers of containerd', async () => {
    runtime = Runtime.up('containerd')
    const port = await freePort()
    runtime.web('web', port)
    await served(port)
    const ran = ksysFile([...runtime.options, '-c', 'lscontainers'], { env })
    expect(ran.stderr).toBe('')
    expect(ran.stdout).toContain('ksys.test/web:1.0')
  })

  test('records, and writes the retained events on request', async () => {
    const words = ['record', '--last', '60s', '-q', '--no-container-metadata', '-w', join(dir, 'kept.ksys')]
    const recorder = spawn(EXECUTABLE, words, { env, stdio: 'pipe' })
    try {
      const dump = () => ksysFile(['dump', String(recorder.pid), '--after', '0s'], { env })
      let ran = dump()
      for (let i = 0; i < 100 && ran.code !== 0; i++) {
        await sleep(100)
        ran = dump()
      }
      expect(ran).toMatchObject({ code: 0, stderr: '' })
      expect(ksys(['info', ran.stdout.trim()]).code).toBe(0)
    } finally {
      recorder.kill('SIGTERM')
      await new Promise((done) => recorder.once('exit', done))
    }
  })
})
