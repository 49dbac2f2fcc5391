// Rules fire for their own events, and not for similar ones: each scenario of the corpus on this machine, in a live
// capture. Those with containers only if KSYS_RULES is set (npm run rules).
import { type ChildProcessByStdio, execFileSync, spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Runtime, WEB_IMAGE } from '../../container/runtimes.js'
import { main, privileged, root } from '../../helpers/ksys.js'
import { SCENARIOS, type Scenario } from './scenarios.js'

const ALL = process.env.KSYS_RULES !== undefined
const CORPUS = join(root, 'test/rules/corpus')
const RULES = join(CORPUS, 'rules.yaml')
const MARKER = 'Marker'
const CHOSEN = SCENARIOS.filter((s) => ALL || s.containers !== true)

interface Alert {
  rule: string
  output: string
  output_fields: Record<string, unknown>
}

test('each rule of the corpus has a scenario', () => {
  const rules = [...readFileSync(RULES, 'utf8').matchAll(/^- rule: (.*)$/gm)].map((m) => m[1] as string)
  expect(SCENARIOS.map((s) => s.rule).sort()).toEqual(rules.filter((r) => r !== MARKER).sort())
})

describe.runIf(privileged())('rules', () => {
  let dir = ''
  let ksys: ChildProcessByStdio<null, Readable, null> | undefined
  let podman: Runtime | undefined
  let count = 0
  const env: NodeJS.ProcessEnv = { ...process.env, PODMAN: 'false', IMAGE: WEB_IMAGE }
  /** alerts of rules since the last marker */
  let alerts: Alert[] = []
  const reached = new Map<string, (alerts: Alert[]) => void>()

  /** Runs a script; returns its alerts. */
  async function alertsOf(script: string): Promise<Alert[]> {
    const T = mkdtempSync(join(dir, 'run-'))
    spawnSync('sh', ['-c', script], { env: { ...env, T }, stdio: 'ignore', timeout: 60_000 })
    return await marked()
  }

  /** Alerts until now: they are complete when the alert of a program that runs now has arrived. */
  function marked(): Promise<Alert[]> {
    const number = `mark-${++count}`
    return new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error(`no alert of ${number}`)), 30_000)
      reached.set(number, (found) => {
        clearTimeout(late)
        done(found)
      })
      spawnSync(join(dir, 'ksys-marker'), [number])
    })
  }

  function take(line: string): void {
    const alert = JSON.parse(line) as Alert
    if (alert.rule !== MARKER) {
      // podman's service mounts its own folder when ksys queries it about containers
      if (!/podman .*system service/.test(alert.output)) alerts.push(alert)
      return
    }
    reached.get(String(alert.output_fields['proc.args']))?.(alerts)
    alerts = []
  }

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'ksys-corpus-'))
    mkdirSync(join(dir, 'bin'))
    copyFileSync('/bin/true', join(dir, 'ksys-marker'))
    env.ATTACK = join(dir, 'attack')
    execFileSync('cc', ['-O1', '-o', env.ATTACK, join(CORPUS, 'attack.c')])
    const options: string[] = []
    if (ALL) {
      podman = Runtime.up('podman')
      const words = podman.command().map((w) => `'${w}'`)
      const script = join(dir, 'podman')
      writeFileSync(script, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 })
      Object.assign(env, podman.env, { PODMAN: script })
      options.push(...podman.options)
    }
    ksys = spawn(process.execPath, [main, 'rules', '-f', RULES, '-j', ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    createInterface({ input: ksys.stdout }).on('line', take)
    // it has started when a marker appears
    const until = Date.now() + 60_000
    for (let begun = false; !begun && Date.now() < until; )
      begun = await Promise.race([
        marked().then(
          () => true,
          () => false,
        ),
        new Promise<boolean>((done) => setTimeout(() => done(false), 1000)),
      ])
  }, 120_000)

  afterAll(async () => {
    if (ksys !== undefined) {
      const ended = new Promise((done) => ksys?.on('close', done))
      ksys.kill('SIGINT')
      await ended
    }
    podman?.down()
    rmSync(dir, { recursive: true, force: true })
  }, 60_000)

  test.each(CHOSEN)('$rule', async ({ rule, fires, quiet, also = [] }: Scenario) => {
    const names = async (script: string) => {
      const found = new Set((await alertsOf(script)).map((a) => a.rule))
      return [...found].filter((r) => r === rule || !also.includes(r))
    }
    expect(await names(fires)).toEqual([rule])
    expect(await names(quiet)).toEqual([])
  })
})
