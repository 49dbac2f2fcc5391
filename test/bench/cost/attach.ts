// Starts a tool and waits until it is attached.
import { spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { KSYS, ROOT, sleep } from '../tracer.js'
import { lacking } from './needs.js'
import { type Running, start } from './processes.js'
import type { Tool } from './tools/tool.js'
import { isAttached, usage } from './usage.js'

/** ms within which a tool is attached, and within which it has finished what it does first */
const LIMIT = 30_000
const SETTLED = 10_000
/** A tool has finished its start if it uses less than this share of a processor for so many ms. */
const CALM = 0.15
const WINDOW = 400

/** Words with the paths that they stand for. folder: an empty one for what a tool writes. */
const filled = (words: readonly string[], folder: string): string[] =>
  words.map((word) =>
    word
      .replace('{folder}', folder)
      .replace('{rules}', `${ROOT}test/bench`)
      .replace('{programs}', `${ROOT}.build/bench`),
  )

/** Why a tool cannot run here; undefined if it can. */
export function reasonAgainst({ needs = [], check }: Tool): string | undefined {
  const missing = lacking(needs)
  if (missing.length > 0) return `there is no ${missing.map(({ file }) => file).join(', ')}`
  if (check === undefined) return undefined
  const [program, ...args] = filled(check, '') as [string, ...string[]]
  const { status, signal, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (status === 0) return undefined
  return error?.message ?? (signal === null ? stderr.trim() : `${program} was ended by ${signal}`)
}

/** The command of a tool. folder: an empty one for what it writes. */
export function commandOf(tool: Tool, folder: string): string[] {
  const words = filled(tool.command, folder)
  return tool.ksys ? [process.execPath, KSYS, ...words] : words
}

/** Waits until the start of a tool no longer takes processor time, which would count as that of the load. */
async function settled(pid: number): Promise<void> {
  const from = performance.now()
  await sleep(WINDOW)
  for (let before = usage(pid).cpu; performance.now() - from < SETTLED; ) {
    const since = performance.now()
    await sleep(WINDOW)
    const now = usage(pid).cpu
    if (now - before < CALM * (performance.now() - since) * 1e6) return
    before = now
  }
}

/** The tool, attached. Its standard output goes to {folder}/stdout. */
export async function attach(tool: Tool, folder: string): Promise<Running> {
  const output = openSync(join(folder, 'stdout'), 'w')
  const running = start(commandOf(tool, folder), { stdio: ['ignore', output, 'pipe'], cwd: folder })
  closeSync(output)
  const failed = (what: string) => new Error(`${tool.name} ${what}:\n${running.output().stderr}`)
  const from = performance.now()
  while (!isAttached(running.pid)) {
    if (running.hasEnded()) throw failed('ended before the load')
    if (performance.now() - from > LIMIT) {
      await running.end('SIGINT')
      throw failed('was not attached in time')
    }
    await sleep(50)
  }
  await settled(running.pid)
  return running
}
