// Running programs are known from the first event: processes with every kind of descriptor, in unusual environments,
// with very many files and threads, all older than the capture.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { main, privileged } from '../helpers/ksys.js'
import {
  type Claim,
  captureStarted,
  claims,
  compile,
  type Row,
  readRows,
  scratchDir,
  unfulfilled,
} from '../helpers/live.js'

const dir = realpathSync(scratchDir('snapshot'))

/** Starts a program before the capture of its last calls; its own account and the fields that it mentions. */
async function observe(program: string, args: string[], env: Record<string, string>) {
  const work = join(dir, `${program}.d`)
  mkdirSync(work)
  const account = join(work, 'said')
  const trace = join(work, 'trace.ksys')
  const running = spawn(compile(dir, program), [work, ...args], {
    env: { ...process.env, ...env, SAID: account },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(running, 'close')
  const [first] = await Promise.race([once(running.stdout, 'data'), ended.then(() => ['it ended'])])
  const pid = Number(/^ready (\d+)/.exec(String(first))?.[1])
  const ksys = spawn(process.execPath, [main, '-w', trace], { stdio: 'ignore' })
  const written = once(ksys, 'close')
  await captureStarted(trace)
  running.stdin.end()
  expect((await ended)[0]).toBe(0)
  await sleep(300)
  ksys.kill('SIGINT')
  await written
  const wanted = claims(account)
  const fields = new Set(wanted.flatMap((c) => Object.keys(c.fields)))
  const rows = readRows(
    trace,
    ['evt.type', 'evt.rawres', 'evt.latency', ...fields],
    [`proc.pid=${pid} or proc.ppid=${pid}`],
  )
  return { wanted, rows }
}

/** Control characters as the programs write them. */
function unseen(wanted: Claim[], rows: Row[]): string {
  for (const row of rows)
    for (const [field, value] of Object.entries(row))
      if (typeof value === 'string') row[field] = value.replaceAll('\n', '\\n')
  return unfulfilled(wanted, rows).join('\n')
}

describe.skipIf(!privileged())('an already running process', () => {
  test('is known with its descriptors, addresses, names and arguments, and retains the right ones', async () => {
    const { wanted, rows } = await observe('running', ['two\nlines'], { MARK: 'here' })
    expect(wanted.length).toBeGreaterThan(35)
    expect(unseen(wanted, rows)).toBe('')
  })

  test('is known in namespaces, a session, a group and a user of its own', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const port = String((taken.address() as { port: number }).port)
    const { wanted, rows } = await observe('surroundings', [], { MARK: 'odd', TAKEN: port })
    taken.close()
    expect(wanted).toHaveLength(7)
    expect(unseen(wanted, rows)).toBe('')
  })

  test('is known with ten thousand files and five hundred threads', async () => {
    const { wanted, rows } = await observe('many', [], {})
    expect(wanted).toHaveLength(500)
    expect(unseen(wanted, rows)).toBe('')
  })
})
