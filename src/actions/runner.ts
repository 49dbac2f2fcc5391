// A small process that runs actions. It is started before ksys drops its privileges, and exits with ksys.
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { native } from '../source/native.js'
import { ACTIONS } from './catalog/index.js'
import { type Action, type OwnAction, requiredFields } from './define.js'
import { type Execution, execute, type Outcome } from './execute.js'
import { decode, FRAME, FrameError } from './frame.js'
import { cleanEnvironment } from './programs.js'

/** The descriptor for requests. */
export const CHANNEL = 3

/** Options of a runner. */
export interface RunnerStart {
  /** the user's own actions, which run as that user; absent: the built-in actions, with the privileges that ksys was started with */
  readonly own?: {
    readonly actions: readonly OwnAction[]
    readonly uid: number
    readonly gid: number
  }
}

/** Runs the actions requested on descriptor 3 until ksys exits. */
export async function runActions({ own }: RunnerStart): Promise<void> {
  // these signals are meant for the program that uses the terminal
  for (const s of ['SIGINT', 'SIGQUIT'] as const) process.on(s, () => {})
  if (own !== undefined) dropPrivileges(own)
  const rights = {
    owners: new Set([0, process.geteuid?.() ?? 0]),
    env: cleanEnvironment(process.env),
    protectedPids: new Set([1, process.pid, process.ppid]),
  }
  const actions = own === undefined ? ACTIONS : own.actions
  await serve(new Socket({ fd: CHANNEL }), actions, (action, values) => execute(action, values, rights))
}

/** Missing from Node's type declarations. */
type Process = NodeJS.Process & { initgroups(uid: number, gid: number): void }

/** Changes to a user with all its groups, without capabilities. */
function dropPrivileges({ uid, gid }: NonNullable<RunnerStart['own']>): void {
  // loaded first, as the user may not be able to read it
  const addon = native()
  if (process.geteuid?.() === 0) {
    ;(process as Process).initgroups(uid, gid)
    process.setgid?.(gid)
    process.setuid?.(uid)
  }
  const { failure } = addon.confine([])
  if (failure !== '') throw new Error(`cannot drop privileges: ${failure}`)
}

/**
 * Handles requests, one at a time, until the other end closes the channel or sends invalid data: anything except complete frames with a
 * known action and valid values, or data while an action runs. Then a running action is ended.
 */
export async function serve(
  channel: Duplex,
  actions: readonly Action[],
  run: (action: Action, values: Readonly<Record<string, string>>) => Execution,
): Promise<void> {
  const byId = new Map(actions.map((a) => [a.id, a]))
  const fields = (id: string) => {
    const action = byId.get(id)
    return action && requiredFields(action)
  }
  let running: Execution | undefined
  let got = Buffer.alloc(0)
  const reply = (o: Outcome) => channel.write(`${JSON.stringify(o)}\n`)
  const take = (data: Buffer) => {
    if (running !== undefined || got.length + data.length > FRAME) throw new FrameError('unexpected data')
    got = Buffer.concat([got, data])
    if (got.length < FRAME) return
    const { action, values } = decode(got, fields)
    got = Buffer.alloc(0)
    running = run(byId.get(action) as Action, values)
    running.outcome.then((o) => {
      running = undefined
      reply(o)
    }, fail)
  }
  let fail: (e: unknown) => void = () => {}
  try {
    await new Promise<void>((resolve, reject) => {
      fail = reject
      channel.on('error', () => resolve())
      channel.once('end', resolve)
      channel.once('close', resolve)
      channel.on('data', (data: Buffer) => {
        try {
          take(data)
        } catch (e) {
          reject(e)
        }
      })
    })
  } catch (e) {
    reply({ ok: false, text: e instanceof FrameError ? `refused: ${e.message}` : String(e) })
  }
  channel.removeAllListeners('data')
  const last = running as Execution | undefined
  last?.stop()
  await last?.outcome
  channel.end()
}
