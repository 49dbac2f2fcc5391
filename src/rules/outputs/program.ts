// Passes alerts to a program: either a long-running one that reads one line per alert, or one that is started for each alert.
import { resolve } from 'node:path'
import { parse } from 'shell-quote'
import { findProgram } from '../../actions/programs.js'
import { trustedOwners, UntrustedError } from '../../model/trusted-file.js'
import { whyNotLoaded } from '../../source/addon-file.js'
import { native } from '../../source/native.js'
import { reason } from '../../source/reason.js'
import type { CommandEnd } from '../../source/spawn.js'
import { type Attempt, Backoff, pause } from '../../web/attempt.js'
import type { Channel } from './channel.js'
import { type Formatted, joinAlerts } from './output.js'
import { ProgramUser, type RunningProgram, userOfPrograms } from './program-user.js'
import { OutputError, type OutputSpec } from './spec.js'

/** concurrent programs, if one is started for each alert */
const MOST_AT_ONCE = 4
/** shortest and longest ms before a program is restarted, and how long one must have run to reset the delay */
const LEAST = 100
const MOST = 10_000
const LONG = 5000
/** how often a program may exit while receiving the same alerts */
const TRIES = 3

/** Complete quoted texts and escapes. */
const QUOTED = /\\.|'[^']*'|"(?:\\.|[^"\\])*"/gs

/** Throws OutputError if the program cannot be run. */
export async function openProgram({ target = '', keepAlive = false }: OutputSpec): Promise<Channel> {
  const [name, ...args] = commandWords(target)
  const argv = [fileOf(name), ...args]
  const user = await userFor(name, argv)
  return keepAlive ? new LongRunningProgram(user) : new ProgramForEach(user)
}

async function userFor(name: string, argv: readonly string[]): Promise<ProgramUser> {
  try {
    native()
  } catch (e) {
    throw new OutputError(`running the program ${name} requires ksys's native addon, ${whyNotLoaded(e)}`)
  }
  try {
    return await ProgramUser.open(argv)
  } catch (e) {
    throw new OutputError(`the program ${name} cannot be run as user ${userOfPrograms()}: ${reason(e)}`)
  }
}

/** The file of a program: given by its path, or found in the system's folders. */
function fileOf(name: string): string {
  const owners = new Set([...trustedOwners(), userOfPrograms()])
  try {
    const file = findProgram(name.includes('/') ? resolve(name) : name, owners)
    if (file !== undefined) return file
  } catch (e) {
    if (e instanceof UntrustedError) throw new OutputError(`the program ${name} is not run: ${e.message}`)
    throw e
  }
  const where = name.includes('/') ? 'there is no such file' : "it is not installed in the system's folders"
  throw new OutputError(`the program ${name} cannot be run: ${where}`)
}

/** Splits a command line as a shell would, into at least one word; syntax that only a shell can execute is rejected. Throws OutputError. */
export function commandWords(command: string): [string, ...string[]] {
  const open = /['"`]/.exec(command.replace(QUOTED, ''))?.[0]
  if (open === '`') throw needsShell(command, open)
  if (open !== undefined) throw new OutputError(`the program '${command}' has an unclosed ${open}`)
  const parts = parse(command, (name) => ({ op: `$${name}` }))
  const words = parts.map((part) => {
    if (typeof part === 'string') return part
    throw needsShell(command, 'pattern' in part ? part.pattern : 'op' in part ? part.op : '#')
  })
  const [program, ...args] = words
  if (program === undefined || program.trim() === '') throw new OutputError(`'${command}' names no program`)
  return [program, ...args]
}

function needsShell(command: string, what: string): OutputError {
  return new OutputError(
    `the program '${command}' is run without a shell, but ${what} needs one: quote it, or run a script`,
  )
}

/** One program for all alerts, which is restarted when it exits. */
class LongRunningProgram implements Channel {
  readonly most = 50
  readonly atOnce = 1
  private running: RunningProgram | undefined
  private started = 0
  /** how the last one exited */
  private end = ''
  private readonly backoff = new Backoff(LEAST, MOST)

  constructor(private readonly user: ProgramUser) {}

  async send(alerts: readonly Formatted[], attempt: Attempt): Promise<void> {
    const text = joinAlerts(alerts)
    for (let tries = 1; tries <= TRIES; tries++) {
      const program = this.running ?? (await this.start(attempt))
      if (program !== undefined && (await writeTo(program, text, attempt.abort))) return
      if (attempt.abort.aborted) throw new Error(this.end === '' ? 'it does not read its input' : this.end)
      await program?.ended
    }
    throw new Error(`${this.end}, ${TRIES} times while receiving alerts`)
  }

  async close(abort: AbortSignal): Promise<void> {
    const { running } = this
    if (running !== undefined) {
      running.input.end()
      const kill = () => running.kill()
      abort.addEventListener('abort', kill)
      if (abort.aborted) kill()
      await running.ended
      abort.removeEventListener('abort', kill)
    }
    await this.user.close()
  }

  /** Starts it, with a delay if it has exited before; undefined: aborted. */
  private async start({ abort, trouble }: Attempt): Promise<RunningProgram | undefined> {
    while (!abort.aborted) {
      if (this.end !== '') {
        trouble(this.end)
        if (performance.now() - this.started > LONG) this.backoff.reset()
        await pause(this.backoff.take(), abort)
      }
      this.started = performance.now()
      try {
        this.running = await this.user.start()
      } catch (e) {
        this.end = `it cannot be started: ${reason(e)}`
        continue
      }
      void this.running.ended.then((end) => {
        this.running = undefined
        this.end = howEnded(end)
      })
      return this.running
    }
    return undefined
  }
}

/** A new program for each alert. */
class ProgramForEach implements Channel {
  readonly most = 1
  readonly atOnce = MOST_AT_ONCE

  constructor(private readonly user: ProgramUser) {}

  async send(alerts: readonly Formatted[], { abort }: Attempt): Promise<void> {
    const program = await this.user.start().catch((e: unknown) => {
      throw new Error(`it cannot be started: ${reason(e)}`)
    })
    program.input.end(joinAlerts(alerts))
    const kill = () => program.kill()
    abort.addEventListener('abort', kill)
    const end = await program.ended
    abort.removeEventListener('abort', kill)
    if (end.code !== 0) throw new Error(howEnded(end))
  }

  close(): Promise<void> {
    return this.user.close()
  }
}

/** Writes text to a program; false: it has not accepted all of it. */
function writeTo({ input, ended }: RunningProgram, text: string, abort: AbortSignal): Promise<boolean> {
  return new Promise((done) => {
    const incomplete = () => done(false)
    input.write(text, (e) => {
      abort.removeEventListener('abort', incomplete)
      done(e === undefined || e === null)
    })
    abort.addEventListener('abort', incomplete)
    void ended.then(incomplete)
  })
}

function howEnded({ code, signal }: CommandEnd): string {
  return code === undefined ? `it was killed by ${signal ?? 'a signal'}` : `it exited with code ${code}`
}
