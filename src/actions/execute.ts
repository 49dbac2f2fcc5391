// Runs one action: its program, found and with checked values, in the terminal or beside it.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { UntrustedError } from '../model/trusted-file.js'
import { native } from '../source/native.js'
import { type Action, argvOf, fieldsOf, makesOption, QUIET_TIME, STARTED } from './define.js'
import { isProcess } from './kinds.js'
import { sameProcess } from './process-start.js'
import { findProgram } from './programs.js'

/** What became of an action, in a sentence; `ok` when it did what it should. */
export interface Outcome {
  readonly ok: boolean
  readonly text: string
}

export interface Rights {
  /** whose programs are trusted: uids */
  readonly owners: ReadonlySet<number>
  readonly env: Readonly<Record<string, string>>
  /** no action is about these processes */
  readonly spared: ReadonlySet<number>
}

export interface Execution {
  readonly outcome: Promise<Outcome>
  /** ends what runs */
  stop(): void
}

/** bytes of output that are looked at for its last line */
const TAIL = 4096
/** ms from asking a program to end to ending it */
const PATIENCE = 300

type Values = Readonly<Record<string, string>>
const done = (ok: boolean, text: string): Execution => ({ outcome: Promise.resolve({ ok, text }), stop: () => {} })

/** Runs an action with the present rights; its values were checked by their kind (frame.ts). */
export function execute(action: Action, values: Values, rights: Rights): Execution {
  const refused = refusal(action, values, rights)
  if (refused !== undefined) return done(false, refused)
  if (action.signal !== undefined) return signal(action.signal, Number(values['proc.pid']), values)
  const [name, ...args] = argvOf(action, values) as [string, ...string[]]
  try {
    const file = findProgram(name, rights.owners)
    if (file === undefined) return done(false, `${name} is not installed in the system's folders`)
    return start(action, name, file, args, rights.env)
  } catch (e) {
    if (!(e instanceof UntrustedError)) throw e
    return done(false, `${name} is not run: ${e.message}`)
  }
}

/** Why it is not run with these values, as the machine is now. */
function refusal(action: Action, values: Values, { spared }: Rights): string | undefined {
  if (makesOption(action, values)) return 'a value begins with a dash'
  for (const field of fieldsOf(action).filter(isProcess)) {
    const id = Number(values[field])
    if (spared.has(id)) return `${id} is ksys itself`
    if (sameProcess(id, BigInt(values[STARTED] ?? 0)) === undefined)
      return `the process of this row has ended: ${id} is none, or another one`
  }
  return undefined
}

function signal(name: NonNullable<Action['signal']>, pid: number, values: Values): Execution {
  const start = sameProcess(pid, BigInt(values[STARTED] ?? 0))
  const { errno, signals } = constants
  const error = start === undefined ? errno.ESRCH : native().signalProcess(pid, start, signals[name])
  if (error === 0) return done(true, `${name} was sent to ${pid}`)
  const why = error === errno.ESRCH ? 'it has ended' : error === errno.EPERM ? 'it is not permitted' : `error ${error}`
  return done(false, `${name} was not sent to ${pid}: ${why}`)
}

function start(action: Action, name: string, file: string, args: readonly string[], env: Rights['env']): Execution {
  const quiet = action.quiet === true
  const cwd = env.HOME !== undefined && existsSync(env.HOME) ? env.HOME : '/'
  const child = spawn(file, args, { argv0: name, cwd, env, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' })
  let late: NodeJS.Timeout | undefined
  const stop = () => {
    child.kill('SIGHUP')
    late = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
  }
  const limit = quiet ? setTimeout(stop, QUIET_TIME) : undefined
  const said = quiet ? lastLine(child) : () => ''
  const outcome = new Promise<Outcome>((resolve) => {
    child.once('error', (e) => resolve({ ok: false, text: `${name} did not begin: ${e.message}` }))
    child.once('close', (code, signal) => resolve({ ok: code === 0, text: ended(name, code, signal, said()) }))
  })
  return {
    outcome: outcome.finally(() => {
      clearTimeout(limit)
      clearTimeout(late)
    }),
    stop,
  }
}

/** Gathers the end of what a program writes: its last line. */
function lastLine(child: ChildProcess): () => string {
  let tail = Buffer.alloc(0)
  const take = (data: Buffer) => {
    tail = Buffer.concat([tail, data]).subarray(-TAIL)
  }
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  return () => tail.toString().trim().split('\n').at(-1) ?? ''
}

function ended(name: string, code: number | null, signal: NodeJS.Signals | null, said: string): string {
  const how =
    code === 0 ? `${name} has ended` : `${name} has ended with ${code === null ? signal : `exit code ${code}`}`
  return said === '' ? how : `${how}: ${said}`
}
