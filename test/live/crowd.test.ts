// The web servers of runs that capture, with clients that occupy connections without requests.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../container/runtimes.js'
import { certificates } from '../helpers/certificates.js'
import { asker, CROWDED, crowded, type Where } from '../helpers/crowd.js'
import { main, privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const PATHS = ['/healthz', '/metrics']
const WELL = ['/healthz 200', '/metrics 200']

/** A run that serves there, and has started. */
async function running(where: Where, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [main, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = new Promise((done) => child.once('exit', done))
  onTestFinished(async () => {
    child.kill('SIGINT')
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(late)
  })
  let errors = ''
  child.stderr.on('data', (d) => {
    errors += d
  })
  const { ask } = asker(where)
  while ((await ask('/healthz')) !== 200) {
    if (child.exitCode !== null) throw new Error(`it ended and said: ${errors}`)
    await sleep(50)
  }
  return child
}

describe.runIf(privileged())('a run with many idle clients', { timeout: CROWDED }, () => {
  const dir = scratchDir('crowd')
  const files = certificates()

  test.each([false, true])('serves its metrics (https: %s)', async (isTls) => {
    const where = { port: await freePort(), ca: isTls ? readFileSync(files.ca) : undefined }
    const tls = isTls ? ['--tls-cert', files.server.cert, '--tls-key', files.server.key] : []
    await running(where, 'metrics', '--listen', String(where.port), ...tls)
    expect(await crowded(where, 200, PATHS)).toEqual(WELL)
  })

  test('of rules serves its metrics', async () => {
    const where = { port: await freePort() }
    const rules = join(dir, 'rules.yaml')
    writeFileSync(
      rules,
      '- rule: x\n  desc: x\n  condition: evt.type=open and evt.arg.name=/nonexistent/x\n  output: x\n  priority: NOTICE\n',
    )
    const config = join(dir, 'falco.yaml')
    const server = `{enabled: true, listen_port: ${where.port}, prometheus_metrics_enabled: true}`
    writeFileSync(config, `rules_files: [${rules}]\nwebserver: ${server}\n`)
    await running(where, 'rules', '-c', config)
    expect(await crowded(where, 200, PATHS)).toEqual(WELL)
  })
})
