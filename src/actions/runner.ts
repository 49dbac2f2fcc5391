// A small process that runs actions. It is started before ksys gives up its privileges, and ends when ksys does.
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { native } from '../source/native.js'
import { ACTIONS } from './catalog/index.js'
import { type Action, askedFor, type OwnAction } from './define.js'
import { type Execution, execute, type Outcome } from './execute.js'
import { decode, FRAME, FrameError } from './frame.js'
import { cleanEnvironment } from './programs.js'

/** The descriptor on which requests come. */
export const CHANNEL = 3

/** What a runner is started with. */
export interface RunnerStart {
  /** the user's own actions, which run as that user; without them those that come with ksys, with the rights of its start */
  readonly own?: {
    readonly actions: readonly OwnAction[]
    readonly uid: number
    readonly gid: number
  }
}

/** Runs what is asked for on descriptor 3 until ksys has gone. */
export async function runActions({ own }: RunnerStart): Promise<void> {
  // they are for the program that has the terminal
  for (const s of ['SIGINT', 'SIGQUIT'] as const) process.on(s, () => {})
  if (own !== undefined) become(own)
  const rights = {
    owners: new Set([0, process.geteuid?.() ?? 0]),
    env: cleanEnvironment(process.env),
    spared: new Set([1, process.pid, process.ppid]),
  }
  const actions = own === undefined ? ACTIONS : own.actions
  await serve(new Socket({ fd: CHANNEL }), actions, (action, values) => execute(action, values, rights))
}

/** Node's declarations lack it. */
type Process = NodeJS.Process & { initgroups(uid: number, gid: number): void }

/** The user, with all groups and no more rights than that. */
function become({ uid, gid }: NonNullable<RunnerStart['own']>): void {
  // the user may not be allowed to read it
  const addon = native()
  if (process.geteuid?.() === 0) {
    ;(process as Process).initgroups(uid, gid)
    process.setgid?.(gid)
    process.setuid?.(uid)
  }
  const wrong = addon.confine([])
  if (wrong !== '') throw new Error(`privileges cannot be given up: ${wrong}`)
}

/**
 * Answers requests, one at a time, until the other end closes or sends what no sound ksys does: anything but whole frames with a
 * known action and fitting values, or a word while an action runs. Then what runs is ended.
 */
export async function serve(
  channel: Duplex,
  actions: readonly Action[],
  run: (action: Action, values: Readonly<Record<string, string>>) => Execution,
): Promise<void> {
  const byId = new Map(actions.map((a) => [a.id, a]))
  const fields = (id: string) => {
    const action = byId.get(id)
    return action && askedFor(action)
  }
  let running: Execution | undefined
  let got = Buffer.alloc(0)
  const answer = (o: Outcome) => channel.write(`${JSON.stringify(o)}\n`)
  const take = (data: Buffer) => {
    if (running !== undefined || got.length + data.length > FRAME) throw new FrameError('out of turn')
    got = Buffer.concat([got, data])
    if (got.length < FRAME) return
    const { action, values } = decode(got, fields)
    got = Buffer.alloc(0)
    running = run(byId.get(action) as Action, values)
    running.outcome.then((o) => {
      running = undefined
      answer(o)
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
    answer({ ok: false, text: e instanceof FrameError ? `refused: ${e.message}` : String(e) })
  }
  channel.removeAllListeners('data')
  const last = running as Execution | undefined
  last?.stop()
  await last?.outcome
  channel.end()
}
