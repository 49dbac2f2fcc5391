// What already runs is known from the first event: a process with every kind of descriptor, older than the capture.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { main, privileged } from '../helpers/ksys.js'
import { claims, compile, readRows, scratchDir, unfulfilled } from '../helpers/live.js'

const dir = realpathSync(scratchDir('snapshot'))
const FIELDS = [
  ...['evt.type', 'evt.rawres', 'proc.name', 'proc.pid', 'proc.ppid', 'proc.pname', 'proc.cwd', 'proc.args'],
  ...['proc.env[MARK]', 'fd.num', 'fd.name', 'fd.type', 'fd.l4proto', 'fd.is_server'],
]

describe.skipIf(!privileged())('what already runs', () => {
  test('is known with its descriptors, addresses, names and surroundings', async () => {
    const work = join(dir, 'work')
    mkdirSync(work)
    const said = join(dir, 'said')
    const trace = join(dir, 'snapshot.ksys')
    const program = spawn(compile(dir, 'running'), [work, 'two\nlines'], {
      env: { ...process.env, MARK: 'here', SAID: said },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(program, 'close')
    await once(program.stdout, 'data')
    const ksys = spawn(process.execPath, [main, '-w', trace], { stdio: 'ignore' })
    const written = once(ksys, 'close')
    await sleep(2500)
    program.kill('SIGUSR1')
    await ended
    await sleep(300)
    ksys.kill('SIGINT')
    await written
    const wanted = claims(said)
    expect(wanted).toHaveLength(22)
    const rows = readRows(trace, FIELDS, [`proc.pid=${program.pid}`])
    for (const r of rows) r['proc.args'] = String(r['proc.args']).replaceAll('\n', '\\n')
    expect(unfulfilled(wanted, rows).join('\n')).toBe('')
  })
})
