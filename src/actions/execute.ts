// Runs one action: finds its program and runs it with checked values, in the terminal or in the background.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { UntrustedError } from '../model/trusted-file.js'
import { native } from '../source/native.js'
import { type Action, argvOf, fieldsOf, makesOption, QUIET_TIME, STARTED } from './define.js'
import { isProcess } from './kinds.js'
import { sameProcess } from './process-start.js'
import { findProgram } from './programs.js'

/** The result of an action, as a sentence; `ok`: it succeeded. */
export interface Outcome {
  readonly ok: boolean
  readonly text: string
}

interface Rights {
  /** uids whose programs are trusted */
  readonly owners: ReadonlySet<number>
  readonly env: Readonly<Record<string, string>>
  /** processes on which no action is run */
  readonly protectedPids: ReadonlySet<number>
}

export interface Execution {
  readonly outcome: Promise<Outcome>
  /** ends the program */
  stop(): void
}

/** bytes of output searched for the last line */
const TAIL = 4096
/** ms from SIGHUP to SIGKILL */
const KILL_DELAY = 300

type Values = Readonly<Record<string, string>>
const done = (ok: boolean, text: string): Execution => ({ outcome: Promise.resolve({ ok, text }), stop: () => {} })

/** Runs an action with the current privileges; its values were checked by kind (frame.ts). */
export function execute(action: Action, values: Values, rights: Rights): Execution {
  const reason = refusal(action, values, rights)
  if (reason !== undefined) return done(false, reason)
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

/** Why the action cannot be run with these values now. */
function refusal(action: Action, values: Values, { protectedPids }: Rights): string | undefined {
  if (makesOption(action, values)) return 'a value starts with a dash'
  for (const field of fieldsOf(action).filter(isProcess)) {
    const id = Number(values[field])
    if (protectedPids.has(id)) return `${id} is ksys itself`
    if (sameProcess(id, BigInt(values[STARTED] ?? 0)) === undefined)
      return `the process of this row has exited: ${id} no longer exists or is another process`
  }
  return undefined
}

function signal(name: NonNullable<Action['signal']>, pid: number, values: Values): Execution {
  const start = sameProcess(pid, BigInt(values[STARTED] ?? 0))
  const { errno, signals } = constants
  const error = start === undefined ? errno.ESRCH : native().signalProcess(pid, start, signals[name])
  if (error === 0) return done(true, `${name} was sent to ${pid}`)
  const why = error === errno.ESRCH ? 'it has exited' : error === errno.EPERM ? 'not permitted' : `error ${error}`
  return done(false, `${name} was not sent to ${pid}: ${why}`)
}

function start(action: Action, name: string, file: string, args: readonly string[], env: Rights['env']): Execution {
  const quiet = action.quiet === true
  const cwd = env.HOME !== undefined && existsSync(env.HOME) ? env.HOME : '/'
  const child = spawn(file, args, { argv0: name, cwd, env, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' })
  let late: NodeJS.Timeout | undefined
  const stop = () => {
    child.kill('SIGHUP')
    late = setTimeout(() => child.kill('SIGKILL'), KILL_DELAY)
  }
  const limit = quiet ? setTimeout(stop, QUIET_TIME) : undefined
  const output = quiet ? lastLine(child) : () => ''
  const outcome = new Promise<Outcome>((resolve) => {
    child.once('error', (e) => resolve({ ok: false, text: `${name} could not be started: ${e.message}` }))
    child.once('close', (code, signal) => resolve({ ok: code === 0, text: endText(name, code, signal, output()) }))
  })
  return {
    outcome: outcome.finally(() => {
      clearTimeout(limit)
      clearTimeout(late)
    }),
    stop,
  }
}

/** Collects the end of a program's output; returns its last line. */
function lastLine(child: ChildProcess): () => string {
  let tail = Buffer.alloc(0)
  const take = (data: Buffer) => {
    tail = Buffer.concat([tail, data]).subarray(-TAIL)
  }
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  return () => tail.toString().trim().split('\n').at(-1) ?? ''
}

function endText(name: string, code: number | null, signal: NodeJS.Signals | null, output: string): string {
  const result =
    code === 0 ? `${name} has finished` : `${name} ended with ${code === null ? signal : `exit code ${code}`}`
  return output === '' ? result : `${result}: ${output}`
}
